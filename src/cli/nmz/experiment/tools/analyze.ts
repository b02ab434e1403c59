import { resolve } from "node:path";
import type { StorageAnalysis } from "../../../../experiment/index.js";
import { NmzError, printable } from "../../../../util/index.js";
import { defineCommand } from "../../../command/index.js";
import { parseInteger, pathInto, switchFlag, valueFlag } from "../../../flags/index.js";
import { renderTable } from "../../../table.js";
import { suspectsTable } from "./suspect-words.js";

interface AnalyzeDraft {
  classes: string | undefined;
  isAll: boolean;
  top: number;
  isJson: boolean;
  readonly cwd: string;
}

export const toolsAnalyze = defineCommand<AnalyzeDraft>({
  name: "analyze",
  summary: "Tell from JaCoCo's data which lines and branches of Java code only failing runs take",
  usage: "--classes FOLDER [OPTIONS] STORAGE",
  notes: [
    "Reads what JaCoCo's agent left as *.exec in each run's folder; no JVM is needed. First come the runs, each with the number of different execution patterns up to it: if that grows no more, further runs show nothing new. Then come the suspects: lines and branches that only failing runs took, those first that most failing runs took (Ochiai's coefficient).",
  ],
  examples: ["nmz tools analyze --classes target/classes /tmp/x"],
  sections: [
    {
      title: "Options",
      flags: [
        valueFlag({
          name: "classes",
          placeholder: "FOLDER",
          help: "The class files that were run, with their line numbers (needed)",
          completes: "folder",
          apply: pathInto("classes"),
        }),
        switchFlag({
          name: "all",
          help: "List also what passing runs took",
          apply: (value, draft) => {
            draft.isAll = value;
          },
        }),
        valueFlag({
          name: "top",
          placeholder: "N",
          help: "List at most N suspects (default 20)",
          apply: (value, draft) => {
            draft.top = parseInteger(value, { min: 1 });
          },
        }),
        switchFlag({
          name: "json",
          help: "Write JSON, with all suspects",
          apply: (value, draft) => {
            draft.isJson = value;
          },
        }),
      ],
    },
  ],
  completes: "folder",
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: ({ cwd }) => ({ classes: undefined, isAll: false, top: 20, isJson: false, cwd }),
  run: async ({ draft: { classes, isAll, top, isJson }, args: [storage = ""], context }) => {
    if (classes === undefined) {
      throw new NmzError("NMZ_CLI_ARGUMENTS", "--classes is missing", {
        exitCode: 1,
        hint: "give the folder of the class files that were run, such as target/classes",
      });
    }
    const { analyzeStorage } = await import("../../../../experiment/index.js");
    const found = analyzeStorage({ storage: resolve(context.cwd, storage), classes, isAll });
    for (const note of found.notes) context.stderr.write(`nmz: ${printable(note)}\n`);
    context.stdout.write(
      isJson ? `${JSON.stringify(found, undefined, 2)}\n` : printable(analysisText(found, top)),
    );
    return 0;
  },
});

function analysisText(found: StorageAnalysis, top: number): string {
  const { runs, suspects, classes } = found;
  const rows = runs.map(({ number, failed, patterns }) => [
    number.toString(16).padStart(8, "0"),
    failed ? "failed" : "passed",
    String(patterns),
  ]);
  const failed = runs.filter((run) => run.failed).length;
  const sum = `${runs.length} runs of ${classes} classes, ${failed} failed, ${runs.at(-1)!.patterns} execution patterns`;
  const passed = runs.length - failed;
  if (failed === 0 || passed === 0) {
    const lack = failed === 0 ? "failed" : "passed";
    return `${renderTable([["RUN", "RESULT", "PATTERNS"], ...rows])}\n${sum}\nno run ${lack}: there is nothing to compare with\n`;
  }
  const list =
    suspects.length === 0
      ? "no line and no branch was taken by failing runs only: --all lists what goes with failing\n"
      : suspectsTable(suspects.slice(0, top), { failed, passed });
  const more = suspects.length > top ? `and ${suspects.length - top} more\n` : "";
  return `${renderTable([["RUN", "RESULT", "PATTERNS"], ...rows])}\n${sum}\n\n${list}${more}`;
}
