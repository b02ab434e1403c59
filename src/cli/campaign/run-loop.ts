import { randomBytes } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import {
  type CampaignFile,
  type CampaignResult,
  CampaignTally,
  createCampaign,
  endOfRuns,
  failOnText,
  forgetOutcome,
  type MakeRun,
  openCampaign,
  readKnown,
  readRunLines,
  runCampaign,
  type StopRule,
  type StoredCampaign,
  storeTuning,
} from "../../campaign/index.js";
import type { Shakeable } from "../../campaign/tune/index.js";
import type { GivenPath } from "../../container/from-inside/require-shared.js";
import { NmzError, newSeed, printable } from "../../util/index.js";
import type { CliContext } from "../cli-context.js";
import { isOnCi, reportForCi } from "./ci-report.js";
import { concludeLoop } from "./conclude-loop.js";
import { earlierLines } from "./earlier-lines.js";
import { knownBefore } from "./known-before.js";
import { LoopDisplay } from "./loop-display.js";
import { type LoopDraft, resumedRule, stopRuleOf } from "./loop-flags.js";
import type { LoopServices } from "./loop-services.js";
import type { LoopSignals } from "./loop-signals.js";
import { shownPath, summaryLines } from "./loop-summary.js";
import { openTuner } from "./tuning.js";

/** What is the same for `nmzc loop` and `nmz loop`. */
export interface LoopCall {
  readonly draft: LoopDraft;
  /** "nmzc loop" */
  readonly path: string;
  readonly context: CliContext;
  readonly services: LoopServices;
  readonly signals: LoopSignals;
}

/** The kind of thing that is run again and again. */
export interface LoopSubject {
  /** Makes one run of the campaign; told after the campaign's folder is there. */
  makeRun(campaign: StoredCampaign, warn: (text: string) => void): MakeRun;
  /** What repeats a run, as a shell takes it; `folder` is the run's own, where it is kept. */
  repeatCommand(campaign: StoredCampaign, seed: string, folder: string | undefined): string;
  readonly untilEngine: () => Promise<void>;
  /** What of it can be shaken: --tune tries nothing else. */
  readonly shakeable: Shakeable;
}

type Asked = Pick<
  CampaignFile,
  "kind" | "runArguments" | "test" | "autopilot" | "environment" | "preset" | "copyVolumes"
>;

/** The campaign that the flags ask for, in its folder. Throws NMZ_CAMPAIGN_EXISTS, NMZ_CAMPAIGN_FOLDER, and what readKnown throws. */
export function newCampaign(draft: LoopDraft, asked: Asked): StoredCampaign {
  // Before a folder is made that would be in the way of the next try.
  for (const path of draft.known) readKnown(path);
  const id = randomBytes(4).toString("hex");
  const folder = draft.outDir ?? join(draft.cwd, defaultParent, id);
  return createCampaign(folder, {
    ...asked,
    ...{ id, startedAt: new Date().toISOString(), cwd: draft.cwd, seed: draft.seed ?? newSeed() },
    ...{ stop: stopRuleOf(draft), jobs: draft.jobs ?? 1, timeoutMs: draft.timeoutMs },
    ...{
      hasBaseline: draft.hasBaseline,
      tune: draft.tune,
      results: draft.results,
      keep: draft.keep ?? "some",
      failOn: draft.failOn === undefined ? undefined : failOnText(draft.failOn),
      known: draft.known,
    },
  });
}

/** The campaign of --resume. Throws NMZ_CAMPAIGN_MISSING and the like, NMZ_CAMPAIGN_KIND. */
export function resumedCampaign(folder: string, kind: CampaignFile["kind"]): StoredCampaign {
  const campaign = openCampaign(folder);
  if (campaign.file.kind === kind) return campaign;
  const other = campaign.file.kind === "container" ? "nmzc loop" : "nmz loop";
  throw new NmzError("NMZ_CAMPAIGN_KIND", `the campaign in ${folder} is one of \`${other}\``, {
    hint: `go on with it there: ${other} --resume ${folder}`,
  });
}

const defaultParent = "nmz-loop";

/** In the image: a campaign that would go with the container is not begun. */
export function campaignPath({ outDir }: LoopDraft): GivenPath {
  return { title: "--out", path: outDir ?? defaultParent, kind: "folder", isWritten: true };
}

/** What must not be in a copy of a folder that the campaign lies in: the campaign, or all of them where they have their place. */
export function ownPlace({ folder }: StoredCampaign): string {
  const parent = dirname(folder);
  return basename(parent) === defaultParent ? parent : folder;
}

/**
 * Makes the runs and tells of them. Returns the exit code: 0 or 1 by --fail-on, 128 + n after signal n. Throws NMZ_CAMPAIGN_BUSY,
 * what knownBefore throws, and what runCampaign throws, once what has ended until then was summed up.
 */
export async function runLoop(
  campaign: StoredCampaign,
  subject: LoopSubject,
  call: LoopCall,
): Promise<number> {
  const { draft, context, signals, services, path } = call;
  const stop: StopRule = draft.resume === undefined ? campaign.file.stop : resumedRule(draft, campaign.file);
  const known = knownBefore(campaign, draft);
  const release = services.lockCampaign(campaign.folder);
  const runs = endOfRuns(stop, campaign.file.hasBaseline);
  const [program = "nmzc"] = path.split(" ");
  const display = new LoopDisplay({
    sink: context.stderr,
    program,
    file: campaign.file,
    stop,
    runs,
    isKnown: known.isKnown,
  });
  signals.onFirst = () =>
    display.say("no further run begins; those that run are finished (once more: they are ended now)");
  const startMs = performance.now();
  const tuner = openTuner(campaign, subject.shakeable);
  let result: CampaignResult;
  let failure: { readonly error: unknown } | undefined;
  forgetOutcome(campaign.folder);
  try {
    if (draft.resume !== undefined) {
      await services.untilOrphansEnd(campaign.folder, signals.stopped, (pid) =>
        display.say(`a run of the loop before has not ended yet (process ${pid}): waiting for it`),
      );
    }
    for (const missing of known.missing) {
      display.say(`nothing is known yet: there is no ${shownPath(missing, context.cwd)}`);
    }
    display.say(`campaign ${shownPath(campaign.folder, context.cwd)}, seed ${campaign.file.seed}`);
    result = await runCampaign(
      {
        ...{ campaign, stop, chooser: tuner, jobs: draft.jobs ?? campaign.file.jobs, keep: draft.keep },
        ...{ stopped: signals.stopped, endNow: signals.endNow, untilEngine: subject.untilEngine },
      },
      subject.makeRun(campaign, (text) => display.warn(text)),
      display,
    );
  } catch (error) {
    const tally = tallyOf(campaign, stop);
    // What nothing came of has no result.
    if (tally.arm("fuzzed").runs + tally.arm("plain").runs === 0) throw error;
    failure = { error };
    result = { reason: "broken", tally };
  } finally {
    display.close();
    release();
  }
  const tuning = tuner?.result;
  if (tuning !== undefined) storeTuning(campaign.folder, tuning);
  const lines = summaryLines({
    ...{ campaign, result, tuning, stop, durationMs: performance.now() - startMs, cwd: context.cwd },
    notes: [...(tuner?.summary() ?? []), ...earlierLines(known, result.tally)],
    resumeCommand: `${path} --resume ${shownPath(campaign.folder, context.cwd)}`,
    repeatCommand: (_run, seed, folder) =>
      subject.repeatCommand(
        campaign,
        seed,
        folder === undefined ? undefined : shownPath(resolve(campaign.folder, folder), context.cwd),
      ),
  });
  for (const line of lines) context.stdout.write(`${printable(line)}\n`);
  const told = (line: string) => context.stdout.write(`${printable(line)}\n`);
  const onCi = isOnCi(context);
  const reportNow = () =>
    reportForCi({ folder: campaign.folder, cwd: context.cwd, env: context.env }).then(told);
  const end = { campaign, draft, tally: result.tally, known };
  if (failure !== undefined) {
    const { error } = failure;
    concludeLoop({
      ...end,
      cutShort: { exitCode: exitCodeOf(error), reason: "no further run could be made" },
    });
    if (onCi) await reportNow();
    throw error;
  }
  const isInterrupted = result.reason === "stopped" && signals.exitCode !== undefined;
  const { exitCode, line } = concludeLoop({
    ...end,
    cutShort: isInterrupted ? { exitCode: signals.exitCode, reason: "it was interrupted" } : undefined,
  });
  if (onCi || (draft.failOn ?? campaign.file.failOn) !== undefined) told(line);
  if (onCi) await reportNow();
  else told(`as a page: ${program} report ${shownPath(campaign.folder, context.cwd)}`);
  return exitCode;
}

function exitCodeOf(error: unknown): number {
  return error instanceof NmzError ? error.exitCode : 125;
}

function tallyOf(campaign: StoredCampaign, stop: StopRule): CampaignTally {
  const tally = new CampaignTally({ hasBaseline: campaign.file.hasBaseline, stop });
  for (const line of readRunLines(campaign.folder)) tally.add(line);
  return tally;
}

/** Whether any run of the campaign has ended yet. */
export function hasBegun({ folder }: StoredCampaign): boolean {
  return readRunLines(folder).next().done !== true;
}
