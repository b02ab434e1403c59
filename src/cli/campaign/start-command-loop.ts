import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { type RunOrder, writeWhole } from "../../campaign/index.js";
import { testName } from "../../seeds/index.js";
import { NmzError, shellWord } from "../../util/index.js";
import { placeOf, type ResultFolder } from "../../verdict/index.js";
import type { CommandCall } from "../command/index.js";
import { applyFlags, readFlags } from "../flags/index.js";
import { chosenAutopilot } from "../preset-flag.js";
import { type CommandLoopDraft, shakingSections } from "./command-draft.js";
import { environmentHere } from "./environment.js";
import { checkResume } from "./loop-flags.js";
import { LoopSignals } from "./loop-signals.js";
import { makeRunInChild } from "./made-run.js";
import {
  type LoopCall,
  type LoopSubject,
  newCampaign,
  ownPlace,
  resumedCampaign,
  runLoop,
} from "./run-loop.js";
import { type TypedFlag, wordsOf } from "./run-words.js";
import { checkTune, choiceFile } from "./tuning.js";

/** `nmz loop`. Returns the exit code; throws what is wrong with the command line, and what runLoop throws. */
export async function startCommandLoop({
  draft,
  args,
  path,
  context,
}: CommandCall<CommandLoopDraft>): Promise<number> {
  const services = await context.services.loopServices();
  const signals = new LoopSignals();
  const call = { draft, path, context, services, signals };
  try {
    if (draft.resume !== undefined) {
      checkResume(draft, [...args, ...wordsOf(draft.typed)], path);
      const campaign = resumedCampaign(draft.resume, "command");
      const rules = { path: `${path} --resume`, isInterspersed: false, hasShortHelp: true };
      const flags = shakingSections.flatMap((section) => section.flags);
      const { uses, args: command } = readFlags(campaign.file.runArguments, flags, rules);
      const again = { shaking: { ...draft.shaking, cwd: campaign.file.cwd }, typed: [] as TypedFlag[] };
      applyFlags(uses, again, rules);
      return await runLoop(campaign, commandSubject(again.typed, command, call), call);
    }
    if (args.length === 0) {
      throw new NmzError("NMZ_CLI_ARGUMENTS", `'${path}' needs a command`, {
        exitCode: 1,
        hint: `give it after --: ${path} -n 100 -- make test`,
      });
    }
    const autopilotFile = chosenAutopilot(draft.shaking);
    checkTune(draft, autopilotFile);
    const campaign = newCampaign(draft, {
      kind: "command",
      runArguments: [...wordsOf(draft.typed), "--", ...args],
      test: testName(args[0]!, args.slice(1)),
      autopilot: await services.loadAutopilot(autopilotFile),
      environment: environmentHere(undefined),
      ...{ preset: draft.shaking.preset, copyVolumes: false },
    });
    return await runLoop(campaign, commandSubject(draft.typed, args, call), call);
  } finally {
    signals.dispose();
  }
}

/** A plain run is started and watched as the others are, and its threads are left alone. */
const plainAutopilot = 'explorePolicy = "dumb"\n';

function commandSubject(
  typed: readonly TypedFlag[],
  command: readonly string[],
  { services, context, draft }: LoopCall,
): LoopSubject {
  return {
    shakeable: { network: false, volumes: false, cpus: availableParallelism() },
    untilEngine: async () => {},
    repeatCommand: (_campaign, seed, folder) =>
      folder === undefined
        ? [
            "nmz inspectors proc",
            `--seed ${seed}`,
            ...[...wordsOf(typed), "--", ...command].map(shellWord),
          ].join(" ")
        : `nmz replay ${shellWord(folder)}`,
    makeRun(campaign, warn) {
      const { file, folder } = campaign;
      const jobs = draft.jobs ?? file.jobs;
      const isShared = jobs > 1;
      if (isShared) {
        warn(
          `${jobs} runs at a time share ${file.cwd}: they may disturb each other, and result files there are not read, because nobody knows whose they are`,
        );
      }
      if (file.hasBaseline) writeWhole(plainFileOf(folder), plainAutopilot);
      return (order, endNow) =>
        makeRunInChild({
          ...{ services, order, warn, endNow, cwd: file.cwd, timeoutMs: file.timeoutMs },
          ...{ globs: file.results, campaignFolder: ownPlace(campaign) },
          copies: {},
          folders: isShared ? [] : [{ path: file.cwd }, ...foldersOf(file.results)],
          words: ["inspectors", "proc", ...flagsOf(typed, order, folder), "--", ...command],
          prune: async () => void (await context.services.prune(context)),
        });
    },
  };
}

function plainFileOf(campaignFolder: string): string {
  return join(campaignFolder, "plain.toml");
}

function flagsOf(
  typed: readonly TypedFlag[],
  { arm, seed, choice, folder }: RunOrder,
  campaignFolder: string,
): string[] {
  const own = [`--seed=${seed}`, `--nmz-out=${folder}`];
  if (choice !== undefined) {
    return [...wordsOf(typed), `--autopilot=${choiceFile(campaignFolder, choice)}`, ...own];
  }
  if (arm === "fuzzed") return [...wordsOf(typed), ...own];
  const rest = typed.filter(({ name }) => name !== "autopilot" && name !== "preset");
  return [...wordsOf(rest), `--autopilot=${plainFileOf(campaignFolder)}`, ...own];
}

/** Where absolute globs look: they need not lie below the folder that the loop was started in. */
function foldersOf(globs: readonly string[]): readonly ResultFolder[] {
  return globs
    .filter((glob) => glob.startsWith("/"))
    .map((glob) => {
      const { path, isFolder } = placeOf(glob);
      return { path: isFolder ? path : dirname(path) };
    });
}
