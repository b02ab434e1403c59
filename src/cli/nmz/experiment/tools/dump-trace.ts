import { resolve } from "node:path";
import { NmzError, printable } from "../../../../util/index.js";
import { defineCommand } from "../../../command/index.js";
import { goFlags, pathInto, valueFlag } from "../../../flags/index.js";

interface DumpDraft {
  tracePath: string | undefined;
  readonly cwd: string;
}

export const toolsDumpTrace = defineCommand<DumpDraft>({
  name: "dump-trace",
  summary: "Print what happened in a run, action by action, as Namazu prints it",
  usage: "-trace-path PATH",
  notes: ["PATH is a run's folder, or the `history` in it that Namazu wrote."],
  examples: ["nmz tools dump-trace -trace-path /tmp/x/00000000"],
  sections: [
    {
      title: "Options",
      flags: goFlags<DumpDraft>([
        valueFlag({
          name: "trace-path",
          placeholder: "PATH",
          help: "The run's folder, or Namazu's history file",
          completes: "file",
          apply: pathInto("tracePath"),
        }),
      ]),
    },
  ],
  isInterspersed: false,
  maxArgs: 0,
  newDraft: ({ cwd }) => ({ tracePath: undefined, cwd }),
  run: async ({ draft: { tracePath }, context: { cwd, stdout } }) => {
    if (tracePath === undefined) {
      throw new NmzError("NMZ_CLI_ARGUMENTS", "specify the path of a trace with -trace-path", {
        exitCode: 1,
        hint: "a run's folder: nmz tools dump-trace -trace-path STORAGE/00000000",
      });
    }
    const { dumpLines, readStoredActions } = await import("../../../../experiment/index.js");
    for (const line of dumpLines(readStoredActions(resolve(cwd, tracePath)))) {
      stdout.write(`${printable(line)}\n`);
    }
    return 0;
  },
});
