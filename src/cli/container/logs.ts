import { runLabel } from "../../container/labels.js";
import { connectTerminal } from "../../container/terminal/index.js";
import { parseDurationMs, printable } from "../../util/index.js";
import { defineCommand } from "../command/index.js";
import { switchFlag, valueFlag } from "../flags/index.js";
import { ownContainer } from "./own-containers.js";

interface LogsDraft {
  follow: boolean;
  timestamps: boolean;
  tail: string;
  since: string;
  until: string;
}

export const logs = defineCommand<LogsDraft>({
  name: "logs",
  summary: "Print the output of a container that nmzc runs",
  usage: "[OPTIONS] CONTAINER",
  notes: [
    "After the output of a run that has ended comes, on stderr, what nmzc said in the background: the summary of a run with -d, warnings. It is kept in /var/log/nmzc.log (up to 2 MB, a line each: time, run, words), for containers that are gone, too.",
  ],
  sections: [
    {
      title: "Options",
      flags: [
        switchFlag({
          name: "follow",
          short: "f",
          help: "Go on printing until the container ends",
          apply: (on, draft) => {
            draft.follow = on;
          },
        }),
        valueFlag({
          name: "tail",
          short: "n",
          placeholder: "NUMBER|all",
          help: 'Lines from the end (default "all")',
          apply: (value, draft) => {
            if (!/^(all|-?\d+)$/.test(value)) throw new Error("a number of lines, or all");
            draft.tail = value.startsWith("-") ? "all" : value;
          },
        }),
        switchFlag({
          name: "timestamps",
          short: "t",
          help: "Print when each line was written",
          apply: (on, draft) => {
            draft.timestamps = on;
          },
        }),
        valueFlag({
          name: "since",
          placeholder: "TIME",
          help: "Only what was written since a time: 2026-01-02T13:23:37Z, or 42m for 42 minutes ago",
          apply: (value, draft) => {
            draft.since = unixTime(value, Date.now());
          },
        }),
        valueFlag({
          name: "until",
          placeholder: "TIME",
          help: "Only what was written before a time",
          apply: (value, draft) => {
            draft.until = unixTime(value, Date.now());
          },
        }),
      ],
    },
  ],
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({ follow: false, timestamps: false, tail: "all", since: "", until: "" }),
  run: async ({ draft, args, context }) => {
    const engine = await context.services.openEngine();
    const { id, labels } = await ownContainer(engine, args[0]!);
    const attachment = await engine.containerLogs(id, draft);
    const session = connectTerminal({
      attachment,
      stdin: context.stdin,
      stdout: context.stdout,
      stderr: context.stderr,
      hasTty: false,
      isInteractive: false,
      detachKeys: [],
      resize: async () => {},
    });
    await session.done;
    attachment.close();
    const { state } = await engine.inspectContainer(id).catch(() => ({ state: "removed" }));
    const { isSupervisedRun, lastWords } = await import("../../container/background/last-words.js");
    const run = labels[runLabel] ?? "";
    // A workload outlives a supervisor that was killed, which has said all it had to say.
    if (!endedStates.has(state) && isSupervisedRun(run)) return 0;
    for (const line of await lastWords(run)) context.stderr.write(`nmzc: ${printable(line)}\n`);
    return 0;
  },
});

const endedStates = new Set(["exited", "dead", "removing", "removed"]);

/** A Go duration before now, a date of RFC 3339 or seconds since 1970, as the engine takes it: seconds with nine decimals. */
export function unixTime(text: string, nowMs: number): string {
  if (/^\d+(\.\d+)?$/.test(text)) return text;
  const date = /^\d{4}-\d\d-\d\d/.test(text)
    ? Date.parse(/T\d\d:\d\d$/.test(text) ? `${text}:00` : text)
    : Number.NaN;
  if (!Number.isNaN(date)) return (date / 1000).toFixed(9);
  try {
    return ((nowMs - parseDurationMs(text)) / 1000).toFixed(9);
  } catch {
    throw new Error("a date like 2026-01-02T13:23:37Z, seconds since 1970, or a time ago like 42m");
  }
}
