import { resolve } from "node:path";
import { printable } from "../../../../util/index.js";
import { defineCommand } from "../../../command/index.js";

export const toolsImport = defineCommand<object>({
  name: "import",
  summary: "Read a storage that Namazu wrote into a new one of ours",
  usage: "SOURCE STORAGE",
  notes: [
    "SOURCE is only read; STORAGE is new or empty. Storages of any time since 2015 are understood, the example-result folders among them. What was imported can be given to `nmz summary`, `nmz tools` and `nmz explain`.",
  ],
  examples: ["nmz tools import example-result.20150805 /tmp/x"],
  sections: [],
  completes: "folder",
  isInterspersed: false,
  minArgs: 2,
  maxArgs: 2,
  newDraft: () => ({}),
  run: async ({ args: [source = "", storage = ""], context: { cwd, stdout, stderr } }) => {
    const { importStorage } = await import("../../../../experiment/index.js");
    const report = importStorage(resolve(cwd, source), resolve(cwd, storage));
    const complain = (line: string): void => void stderr.write(`nmz: ${printable(line)}\n`);
    for (const line of report.withoutTrace) complain(`without a trace: ${line}`);
    for (const path of report.leftOut) complain(`left out, because it leads out of the storage: ${path}`);
    if (report.withoutResult > 0)
      complain(`${report.withoutResult} runs have no result: they were interrupted`);
    if (report.unknownActions > 0) {
      complain(`${report.unknownActions} actions are of classes that only actions/ has a place for`);
    }
    stdout.write(`${report.imported} runs imported\n`);
    return 0;
  },
});
