import { resolve } from "node:path";
import { messageOf, NmzError, printable } from "../../../../util/index.js";
import { defineCommand } from "../../../command/index.js";
import { goFlags, switchFlag, valueFlag } from "../../../flags/index.js";

interface VisualizeDraft {
  mode: string;
  hasReduction: boolean;
}

export const toolsVisualize = defineCommand<VisualizeDraft>({
  name: "visualize",
  summary: "Print how many different traces there were after each run, for gnuplot",
  usage: "-mode gnuplot [-po-reduction=false] STORAGE",
  notes: [
    "A line is `<runs so far> <different traces so far>`. A curve that goes flat says that further runs of the same config show nothing new. Runs that were interrupted have no trace and are passed over.",
  ],
  examples: ["nmz tools visualize -mode gnuplot /tmp/x > x.dat"],
  sections: [
    {
      title: "Options",
      flags: goFlags<VisualizeDraft>([
        valueFlag({
          name: "mode",
          placeholder: "MODE",
          help: "gnuplot, which is the only one",
          completes: ["gnuplot"],
          apply: (value, draft) => {
            draft.mode = value;
          },
        }),
        switchFlag({
          name: "po-reduction",
          help: "Traces in which each entity's events come in the same order are the same (default true)",
          apply: (value, draft) => {
            draft.hasReduction = value;
          },
        }),
      ]),
    },
  ],
  completes: "folder",
  isInterspersed: false,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({ mode: "", hasReduction: true }),
  run: async ({ draft: { mode, hasReduction }, args: [storage = ""], context }) => {
    if (mode !== "gnuplot") {
      throw new NmzError("NMZ_CLI_FLAG_VALUE", `unknown mode of visualize: ${mode}`, {
        exitCode: 1,
        hint: "give -mode gnuplot",
      });
    }
    const { listExperiments, readStoredActions, traceDigest } = await import(
      "../../../../experiment/index.js"
    );
    const seen = new Set<string>();
    let runs = 0;
    for (const { folder, result } of listExperiments(resolve(context.cwd, storage))) {
      if (result === undefined) continue;
      try {
        seen.add(traceDigest(readStoredActions(folder), hasReduction));
        runs += 1;
        context.stdout.write(`${runs} ${seen.size}\n`);
      } catch (error) {
        context.stderr.write(`nmz: ${printable(messageOf(error))}\n`);
      }
    }
    return 0;
  },
});
