import { join, resolve } from "node:path";
import type { RunOrder } from "../../campaign/index.js";
import { writeWhole } from "../../campaign/index.js";
import { testName } from "../../seeds/index.js";
import { NmzError } from "../../util/index.js";
import { defineCommand } from "../command/index.js";
import { applyFlags, type FlagSection, readFlags, valueFlag, word } from "../flags/index.js";
import { type AutopilotDraft, chosenAutopilot, presetFlag } from "../preset-flag.js";
import { shellWord } from "../replay/failure-flags.js";
import { environmentHere } from "./environment.js";
import { checkResume, type LoopDraft, loopFlags, newLoopDraft } from "./loop-flags.js";
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
import { type TypedFlag, typedSections, wordsOf } from "./run-words.js";

interface ShakingDraft extends AutopilotDraft {
  readonly cwd: string;
}

interface CommandLoopDraft extends LoopDraft {
  readonly shaking: ShakingDraft;
  readonly typed: TypedFlag[];
}

/** As `nmz inspectors proc` has them; the names are the same, and are passed on. */
const shakingFlags: FlagSection<ShakingDraft> = {
  title: "Shaking",
  flags: [
    valueFlag({
      name: "autopilot",
      placeholder: "FILE",
      help: "Configuration in TOML, YAML or JSON; see 'nmz config show'",
      completes: "file",
      apply: (value, draft) => {
        draft.autopilotFile = resolve(draft.cwd, word(value));
      },
    }),
    presetFlag(),
    valueFlag({
      name: "watch-interval",
      placeholder: "DURATION",
      help: "How often all threads are redrawn (default 1s, or the config's)",
      apply: (value) => void word(value),
    }),
  ],
};

const shakingSections = typedSections<ShakingDraft, Pick<CommandLoopDraft, "shaking" | "typed">>(
  [shakingFlags],
  ({ shaking }) => shaking,
);

export const commandLoop = defineCommand<CommandLoopDraft>({
  name: "loop",
  summary:
    "Run a command again and again, its threads shaken by another seed each time, and say how often it fails",
  usage: "[OPTIONS] -- COMMAND [ARG...]",
  notes: [
    "Without a container: what nmz inspectors proc does, many times; nmzc loop shakes packets and files as well. A run fails when its exit code is not 0, or a test in the results that it left in this folder failed.",
    "Ctrl-C lets the runs that have begun finish and keeps everything (twice: ends them); --resume goes on. Exit code 0: no failure, 1: at least one, 130: interrupted, 125: a failure of nmz's own.",
  ],
  examples: [
    "nmz loop -n 100 -- make test",
    "nmz loop --baseline --for 10m --preset threads -- ./test.sh",
    "nmz loop --resume nmz-loop/1f0c9a2b",
  ],
  sections: [...loopFlags<CommandLoopDraft>(), ...shakingSections],
  isInterspersed: false,
  newDraft: ({ cwd }) => ({
    ...newLoopDraft(cwd),
    shaking: { autopilotFile: undefined, preset: undefined, cwd },
    typed: [],
  }),
  run: async ({ draft, args, path, context }) => {
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
      const campaign = newCampaign(draft, {
        kind: "command",
        runArguments: [...wordsOf(draft.typed), "--", ...args],
        test: testName(args[0]!, args.slice(1)),
        autopilot: await services.loadAutopilot(chosenAutopilot(draft.shaking)),
        environment: environmentHere(undefined),
        ...{ preset: draft.shaking.preset, copyVolumes: false },
      });
      return await runLoop(campaign, commandSubject(draft.typed, args, call), call);
    } finally {
      signals.dispose();
    }
  },
});

/** A plain run is started and watched as the others are, and its threads are left alone. */
const plainAutopilot = 'explorePolicy = "dumb"\n';

function commandSubject(
  typed: readonly TypedFlag[],
  command: readonly string[],
  { services, context, draft }: LoopCall,
): LoopSubject {
  return {
    untilEngine: async () => {},
    repeatCommand: (_campaign, seed) =>
      [
        "nmz inspectors proc",
        `--seed ${seed}`,
        ...wordsOf(typed).map(shellWord),
        "--",
        ...command.map(shellWord),
      ].join(" "),
    makeRun(campaign, warn) {
      const { file, folder } = campaign;
      const jobs = draft.jobs ?? file.jobs;
      const isShared = jobs > 1;
      if (isShared) {
        warn(
          `${jobs} runs at a time share ${file.cwd}: they may disturb each other, and result files there are not read, because nobody knows whose they are`,
        );
      }
      const plainFile = join(folder, "plain.toml");
      if (file.hasBaseline) writeWhole(plainFile, plainAutopilot);
      return (order, endNow) =>
        makeRunInChild({
          ...{ services, order, warn, endNow, cwd: file.cwd, timeoutMs: file.timeoutMs },
          ...{ globs: file.results, campaignFolder: ownPlace(campaign) },
          copies: {},
          folders: isShared ? [] : [{ path: file.cwd }],
          words: ["inspectors", "proc", ...flagsOf(typed, order, plainFile), "--", ...command],
          prune: async () => void (await context.services.prune(context)),
        });
    },
  };
}

function flagsOf(typed: readonly TypedFlag[], { arm, seed, folder }: RunOrder, plainFile: string): string[] {
  const own = [`--seed=${seed}`, `--nmz-out=${folder}`];
  if (arm === "fuzzed") return [...wordsOf(typed), ...own];
  const rest = typed.filter(({ name }) => name !== "autopilot" && name !== "preset");
  return [...wordsOf(rest), `--autopilot=${plainFile}`, ...own];
}
