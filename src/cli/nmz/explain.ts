import { resolve } from "node:path";
import type { Explanation, StorageRuns } from "../../replay/index.js";
import { NmzError, printable } from "../../util/index.js";
import { defineCommand } from "../command/index.js";
import { parseInteger, switchFlag, valueFlag } from "../flags/index.js";
import { explanationWords } from "./explanation-words.js";

interface ExplainDraft {
  top: number;
  isJson: boolean;
  failureExitCode: number | undefined;
}

export const explain = defineCommand<ExplainDraft>({
  name: "explain",
  summary: "Tell what recorded runs that fail have in common: what came late, met a fault, or came first",
  usage: "[OPTIONS] STORAGE",
  notes: [
    "STORAGE is a folder that --nmz-out was given, with many runs, some of which failed. Each event is asked how well its delay, its fault, and its order with its neighbours predict failure; of what is listed 5 % may be chance. What predicts need not be the cause: `nmzc minimize RUN` tries it out.",
    "The exit code is 1 when there are too few runs to say anything, else 0.",
  ],
  examples: ["nmz explain out", "nmz explain --top 3 --exit-code 42 out"],
  sections: [
    {
      title: "Options",
      flags: [
        valueFlag({
          name: "top",
          placeholder: "N",
          help: "List at most N predictors (default 10)",
          apply: (value, draft) => {
            draft.top = parseInteger(value, { min: 1 });
          },
        }),
        switchFlag({
          name: "json",
          help: "Write JSON",
          apply: (value, draft) => {
            draft.isJson = value;
          },
        }),
        valueFlag({
          name: "exit-code",
          placeholder: "N",
          help: "Only exit code N counts as a failure (default: any but 0)",
          apply: (value, draft) => {
            draft.failureExitCode = parseInteger(value, { min: 0, max: 255 });
          },
        }),
      ],
    },
  ],
  completes: "folder",
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({ top: 10, isJson: false, failureExitCode: undefined }),
  run: async ({ draft: { top, isJson, failureExitCode }, args, context }) => {
    const { explain, storageRuns } = await import("../../replay/index.js");
    const folder = resolve(context.cwd, args[0]!);
    const storage = storageRuns(folder, (code) =>
      failureExitCode === undefined ? code !== 0 : code === failureExitCode,
    );
    for (const line of leftOutWords(storage)) context.stderr.write(`nmz: ${printable(line)}\n`);
    if (storage.runs.length === 0) {
      throw new NmzError("NMZ_EXPLAIN_NO_RUNS", `no run in "${folder}" can be compared`, {
        exitCode: 1,
        hint: "give the folder that many `nmzc run --nmz-out FOLDER` were given",
      });
    }
    const explanation = explain(storage.runs, { top });
    const text = isJson
      ? JSON.stringify(explanation, undefined, 2)
      : explanationWords(explanation).join("\n");
    context.stdout.write(`${printable(text)}\n`);
    return saysSomething(explanation) ? 0 : 1;
  },
});

function saysSomething({ outcome }: Explanation): boolean {
  return outcome === "predictors" || outcome === "nothing";
}

function leftOutWords({ killed, withoutTrace, unreadable, commands }: StorageRuns): readonly string[] {
  const runs = (count: number) => `${count} ${count === 1 ? "run is" : "runs are"} left out:`;
  return [
    ...(killed > 0 ? [`${runs(killed)} killed before the end, so nobody knows whether they failed`] : []),
    ...(withoutTrace > 0 ? [`${runs(withoutTrace)} without a trace`] : []),
    ...(unreadable.length > 0 ? [`${runs(unreadable.length)} ${(unreadable[0] as Error).message}`] : []),
    ...(commands > 1
      ? [
          `these are runs of ${commands} different commands: what they do differently is not told apart from what predicts`,
        ]
      : []),
  ];
}
