import { resolve } from "node:path";
import { printable } from "../../../../util/index.js";
import { defineCommand } from "../../../command/index.js";
import { goFlags, switchFlag } from "../../../flags/index.js";

interface SummaryDraft {
  isOverAverage: boolean;
}

export const toolsSummary = defineCommand<SummaryDraft>({
  name: "summary",
  summary: "List the runs that failed, in Namazu's words, for scripts that read them",
  usage: "[OPTIONS] STORAGE",
  notes: ["`nmz summary` is for people."],
  sections: [
    {
      title: "Options",
      flags: goFlags<SummaryDraft>([
        switchFlag({
          name: "list-up-over-average",
          help: "List instead the runs that took longer than the average",
          apply: (value, draft) => {
            draft.isOverAverage = value;
          },
        }),
      ]),
    },
  ],
  completes: "folder",
  isInterspersed: false,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({ isOverAverage: false }),
  run: async ({ draft: { isOverAverage }, args: [storage = ""], context: { cwd, stdout } }) => {
    const { listExperiments, overAverageLines, summaryLines } = await import(
      "../../../../experiment/index.js"
    );
    const runs = listExperiments(resolve(cwd, storage));
    const lines = isOverAverage ? overAverageLines(runs) : summaryLines(runs);
    stdout.write(lines.map((line) => `${printable(line)}\n`).join(""));
    return 0;
  },
});
