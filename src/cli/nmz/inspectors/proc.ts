import { resolve } from "node:path";
import { type ClockOffset, parseClockOffset } from "../../../config/index.js";
import type { ProcRequest } from "../../../standalone/inspect-proc.js";
import { NmzError, parseDurationMs } from "../../../util/index.js";
import type { CliContext } from "../../cli-context.js";
import { defineCommand } from "../../command/index.js";
import { type FlagSection, goFlags, parseInteger, valueFlag, word } from "../../flags/index.js";
import { inspectorRequest, newWireDraft, type WireDraft, wireFlags, wireNotes } from "./wire-flags.js";

interface ProcDraft extends WireDraft {
  pid: number | undefined;
  commandWords: readonly string[] | undefined;
  stdoutFile: string | undefined;
  stderrFile: string | undefined;
  watchIntervalMs: number | undefined;
  clockOffset: ClockOffset | undefined;
  readonly env: CliContext["env"];
}

const procFlags: FlagSection<ProcDraft> = {
  title: "Threads",
  flags: goFlags([
    valueFlag({
      name: "pid",
      placeholder: "PID",
      help: "A process, and all that descend from it",
      apply: (value, draft) => {
        draft.pid = parseInteger(value, { min: 1 });
      },
    }),
    valueFlag({
      name: "cmd",
      placeholder: '"COMMAND ARG..."',
      help: "A command to start, cut at blanks and nowhere else: for quotes give the words after --",
      apply: (value, draft) => {
        const words = value.split(" ").filter((each) => each !== "");
        if (words.length === 0) throw new Error("names no command");
        draft.commandWords = words;
      },
    }),
    valueFlag({
      name: "stdout",
      placeholder: "FILE",
      help: "Where the command's output goes, instead of here",
      completes: "file",
      isWritten: true,
      apply: (value, draft) => {
        draft.stdoutFile = resolve(draft.cwd, word(value));
      },
    }),
    valueFlag({
      name: "stderr",
      placeholder: "FILE",
      help: "Where the command's errors go, instead of here",
      completes: "file",
      isWritten: true,
      apply: (value, draft) => {
        draft.stderrFile = resolve(draft.cwd, word(value));
      },
    }),
    valueFlag({
      name: "watch-interval",
      placeholder: "DURATION",
      help: "How often all threads are redrawn (default 1s, or the config's)",
      apply: (value, draft) => {
        const intervalMs = parseDurationMs(value);
        if (intervalMs <= 0) throw new Error("must be more than 0");
        draft.watchIntervalMs = intervalMs;
      },
    }),
    valueFlag({
      name: "clock-offset",
      placeholder: "DURATION",
      help:
        'How far ahead the command\'s clocks are, "-10m" for behind: CLOCK_MONOTONIC and CLOCK_BOOTTIME, ' +
        'or each as in "boottime=3h". Linux cannot shift CLOCK_REALTIME, the date (default none, or the config\'s)',
      apply: (value, draft) => {
        draft.clockOffset = parseClockOffset(value);
      },
    }),
  ]),
};

export const proc = defineCommand<ProcDraft>({
  name: "proc",
  summary: "Shake how threads are scheduled: those of a command, or of a process that runs",
  usage: "[OPTIONS] --pid PID | --cmd COMMAND | -- COMMAND [ARG...]",
  notes: [
    "A command has its attributes before its first instruction, its children the moment they are born; it has the terminal when there is one, gets the signals, and its exit code is passed on (128 + n when signal n ended it). With --pid the inspector ends when the last process of the tree has.",
    ...wireNotes,
  ],
  examples: [
    "nmz inspectors proc -- make test",
    "nmz inspectors proc -pid 4242 -watch-interval 100ms",
    "nmz inspectors proc --clock-offset 3h -- ./server",
    'nmz inspectors proc -cmd "make test" -autopilot shake.toml',
  ],
  sections: [procFlags, wireFlags],
  isInterspersed: false,
  newDraft: (context) => ({
    ...newWireDraft(context, "_namazu_proc_inspector"),
    pid: undefined,
    commandWords: undefined,
    stdoutFile: undefined,
    stderrFile: undefined,
    watchIntervalMs: undefined,
    clockOffset: undefined,
    env: context.env,
  }),
  run: ({ draft, args, path, context }) =>
    context.services.inspectProc(requestOf(draft, args, path), context),
});

function requestOf(draft: ProcDraft, args: readonly string[], path: string): ProcRequest {
  const { pid, commandWords, stdoutFile, stderrFile, watchIntervalMs, clockOffset, cwd, env } = draft;
  const given = [pid, commandWords, args.length > 0 ? args : undefined].filter((each) => each !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? "has nothing to shake" : "can shake one thing at a time";
    throw new NmzError("NMZ_CLI_ARGUMENTS", `'${path}' ${what}`, {
      exitCode: 1,
      hint: "give exactly one of --pid, --cmd and a command after --",
    });
  }
  if (pid !== undefined && (stdoutFile !== undefined || stderrFile !== undefined)) {
    throw new NmzError("NMZ_CLI_ARGUMENTS", "--stdout and --stderr are for a command that is started", {
      exitCode: 1,
      hint: "leave them out: a process that runs has its output already",
    });
  }
  const words = commandWords ?? args;
  // Our token lets its bearer decide on events: it is not for what is shaken.
  const { NMZ_TOKEN: _, ...theirs } = env;
  return {
    ...inspectorRequest(draft),
    target:
      pid !== undefined
        ? { kind: "pid", pid }
        : { kind: "command", words, cwd, env: theirs, stdoutFile, stderrFile },
    watchIntervalMs,
    clockOffset,
  };
}
