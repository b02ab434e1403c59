import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CliContext } from "../../cli-context.js";
import { defineCommand } from "../../command/index.js";
import { valueFlag, wordInto } from "../../flags/index.js";
import { type EndpointDraft, listenFlag, tokenFileFlag } from "../endpoint-flags.js";

interface ExperimentDraft extends EndpointDraft {
  token: string | undefined;
  seed: string | undefined;
}

export const runExperimentCommand = defineCommand<ExperimentDraft>({
  name: "run",
  summary: "Make one run of an experiment, and keep what happened",
  usage: "[OPTIONS] STORAGE",
  notes: [
    "STORAGE was made by `nmz init`. An orchestrator is started as its config says, the run script is run, then validate, whose exit code says whether the run succeeded, and, when all is recorded, clean. docs/experiments.md has what scripts find in their environment and what a run leaves.",
    "The exit code is 0 where the experiment succeeded, 1 where it failed, 128 + n where signal n interrupted it (it has no result then, and clean is run), 125 where nmz or the clean script failed.",
    "This is no container: that is `nmz container run`.",
  ],
  examples: ["for f in $(seq 1 100); do nmz run /tmp/x; done; nmz summary /tmp/x"],
  sections: [
    {
      title: "Options",
      flags: [
        valueFlag({
          name: "seed",
          aliases: ["nmz-seed"],
          placeholder: "SEED",
          help: "Repeat a run's decisions: any word; each run's log has its own",
          apply: wordInto("seed"),
        }),
        listenFlag(),
        tokenFileFlag("File whose first line is what inspectors must bring; or NMZ_TOKEN"),
      ],
    },
  ],
  completes: "folder",
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: ({ env, cwd }: CliContext) => ({
    listen: "127.0.0.1",
    token: env["NMZ_TOKEN"] || undefined,
    tokenFile: undefined,
    seed: undefined,
    cwd,
  }),
  run: async ({ draft, args: [storage = ""], context }) => {
    const { runExperiment } = await import("../../../experiment/index.js");
    const { cwd, env } = context;
    const exitCode = await runExperiment({ ...draft, storage: resolve(cwd, storage), env }, context);
    if (exitCode === interrupted) await dieOfInterrupt();
    return exitCode;
  },
});

const interrupted = 130;

/** A loop in a shell ends at Ctrl-C only if its command died of that, and did not exit. */
async function dieOfInterrupt(): Promise<void> {
  process.removeAllListeners("SIGINT");
  process.kill(process.pid, "SIGINT");
  await delay(1000); // it is delivered before; otherwise the exit code has to do
}
