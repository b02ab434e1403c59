import { lossInWords } from "../../inspector/fs/loss-in-words.js";
import { NmzError, printable } from "../../util/index.js";
import { defineCommand } from "../command/index.js";
import { switchFlag } from "../flags/index.js";
import { runOf } from "./own-containers.js";

interface CrashDraft {
  keepsRunning: boolean;
}

export const crashFs = defineCommand<CrashDraft>({
  name: "crash-fs",
  summary: "Cut a container's power: kill it, and lose what its volumes had not synced",
  usage: "[OPTIONS] CONTAINER",
  notes: [
    "The container must run with `crash = true` below `[fs]` in its configuration. Exit code 1 when a file could not be put back.",
  ],
  sections: [
    {
      title: "Options",
      flags: [
        switchFlag({
          name: "keep-running",
          help: "Do not kill its processes; only lose the data",
          apply: (on, draft) => {
            draft.keepsRunning = on;
          },
        }),
      ],
    },
  ],
  isInterspersed: true,
  entersHost: "always",
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({ keepsRunning: false }),
  run: async ({ draft, args: [name = ""], path, context }) => {
    const engine = await context.services.openEngine();
    const { state, status, runId } = await runOf(engine, name);
    if (state !== "running") {
      throw new NmzError("NMZ_CONTAINER_STOPPED", `container ${name} is not running: ${status}`, {
        exitCode: 1,
        hint: "'nmzc ps' lists those that run",
      });
    }
    const { lost, failed } = await context.services.crashRun(runId, draft.keepsRunning);
    context.stdout.write(`lost ${printable(lossInWords(lost))}\n`);
    for (const file of failed)
      context.stderr.write(`${path.split(" ")[0]}: ${printable(file)} could not be put back\n`);
    return failed.length === 0 ? 0 : 1;
  },
});
