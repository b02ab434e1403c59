import { accessSync, constants } from "node:fs";
import { relative } from "node:path";
import type { StoredRun } from "../../record/index.js";
import type { Replays } from "../../replay/index.js";
import { type Minimised, minimise, type ReplayCounts } from "../../replay/index.js";
import { messageOf, NmzError, printable, shellWord, systemClock } from "../../util/index.js";
import type { CliContext } from "../cli-context.js";
import { type FailureDraft, failureWords, isFailure } from "./failure-flags.js";
import { minimisedLines, minimisedWords } from "./minimised-words.js";
import { notReproduced } from "./not-reproduced.js";
import { QuestionLines } from "./question-lines.js";
import { RecordedSchedule } from "./recorded-schedule.js";
import { storeMinimised } from "./store-minimised.js";

export interface MinimizeDraft extends FailureDraft {
  maxRuns: number;
  maxTimeMs: number | undefined;
  confidence: number;
}

interface MinimizeCall {
  /** "nmzc replay", for what to do next. */
  readonly replayCommand: string;
  readonly context: CliContext;
  readonly signal: AbortSignal;
}

/** Searches, stores and prints. Throws NMZ_MINIMIZE_*, and what openReplays and the runs throw, once the best so far is stored. */
export async function minimizeRun(run: StoredRun, draft: MinimizeDraft, call: MinimizeCall): Promise<void> {
  const { context, signal } = call;
  const pathOf = (folder: string) => shownPath(folder, context.cwd);
  const next = (folder: string) =>
    `${call.replayCommand} --times 20${failureWords(draft)} ${shellWord(pathOf(folder))}`;
  const schedule = new RecordedSchedule(run.traceFile);
  requireSchedule(schedule, pathOf(run.folder));
  requireWritable(run.folder);
  const replays = await context.services.openReplays(run, { io: context, isQuiet: true, signal });
  const startMs = systemClock.nowMs();
  const { found, coverage, failure } = await search(replays, schedule, draft, call);
  if (found.outcome === "not-reproduced") {
    const error = failure ?? notReproduced(found, { coverage, next: next(run.folder) });
    if (!signal.aborted) throw error;
    context.stderr.write(`nmzc: ${printable(messageOf(error))}\n`);
    return;
  }
  const words = minimisedWords(found, run.traceFile);
  const folder = storeMinimised(run, schedule, found, words);
  const lines = [
    ...minimisedLines(found, words, systemClock.nowMs() - startMs),
    `stored: ${pathOf(folder)}`,
    `next: ${next(folder)}`,
  ];
  for (const line of lines) context.stdout.write(`${printable(line)}\n`);
  if (failure !== undefined) throw failure;
}

interface Search {
  readonly found: Minimised;
  /** Of the runs with all decisions. */
  readonly coverage: ReplayCounts;
  /** What ended the search, if a run could not be made. */
  readonly failure: unknown;
}

async function search(
  replays: Replays,
  schedule: RecordedSchedule,
  draft: MinimizeDraft,
  { context, signal }: MinimizeCall,
): Promise<Search> {
  const { decisions } = schedule;
  const { confidence, maxRuns, maxTimeMs } = draft;
  const coverage = { replayed: 0, byPlace: 0, recorded: 0 };
  let failure: unknown;
  // An engine that goes away must not take hours of searching with it.
  const broken = new AbortController();
  const lines = new QuestionLines(context.stderr);
  lines.begin(`${decisions.length} decisions, at most ${maxRuns} runs; Ctrl-C gives the best so far`);
  const found = await minimise({
    ...{ decisions, confidence, maxRuns, signal: AbortSignal.any([signal, broken.signal]) },
    ...(maxTimeMs === undefined ? {} : { maxTimeMs }),
    onProgress: (progress) => lines.tell(progress),
    trial: async (some) => {
      try {
        const outcome = await replays.once(schedule.with(some));
        if (some.length === decisions.length) {
          coverage.replayed += outcome.replayed;
          coverage.byPlace += outcome.byPlace;
          coverage.recorded += outcome.recorded;
        }
        return { failed: isFailure(outcome, draft) };
      } catch (error) {
        if (!signal.aborted) {
          failure = error;
          broken.abort();
        }
        throw error;
      }
    },
  }).finally(() => lines.close());
  return { found, coverage, failure };
}

function requireSchedule({ decisions }: RecordedSchedule, path: string): void {
  if (decisions.length > 0) return;
  throw new NmzError("NMZ_MINIMIZE_NOTHING", `in the run in ${path} no event was delayed or failed`, {
    exitCode: 1,
    hint: "give a run that failed while it was shaken: nmzc run --nmz-out FOLDER …",
  });
}

/** Known before hours of searching. */
function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new NmzError("NMZ_MINIMIZE_FOLDER", `cannot store the result in ${folder}: ${messageOf(error)}`, {
      hint: "copy the run's folder to where you may write, and give that",
      cause: error,
    });
  }
}

function shownPath(folder: string, cwd: string): string {
  const path = relative(cwd, folder);
  return path === "" || path.startsWith("..") ? folder : path;
}
