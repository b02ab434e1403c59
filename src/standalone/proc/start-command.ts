import { closeSync, openSync } from "node:fs";
import {
  type Launched,
  launch,
  shellExitCode,
  TerminalAbsentError,
  terminalStanding,
} from "../../../runtime/kernel/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import type { CommandRequest } from "../inspect-proc.js";
import type { InspectorSession, StandaloneIo } from "../run-inspector.js";
import { findProgram } from "./find-program.js";
import { passSignalsOn } from "./pass-signals-on.js";
import { startOnTerminal } from "./terminal-session.js";

/** A command that has a process and waits to run. */
export interface StartedCommand {
  readonly pid: number;
  /** Lets it run. Resolves with its exit code, as a shell would say it, when its output is written. */
  run(): Promise<number>;
}

/** What is started, and how. */
export interface CommandStart extends CommandRequest {
  /** Words that lead it into namespaces of its own; none: it has ours. */
  readonly through: readonly string[];
}

/** A command, and what belongs to the way it was started. */
export interface CommandSession {
  readonly launched: Launched;
  /** Right before it runs: the terminal becomes its own. */
  connect?(): void;
  /** When it has ended: the terminal is put back, files are closed. */
  finish(): void | Promise<void>;
}

/**
 * Starts the command at its gate: on a terminal of its own when stdin and stdout are one, otherwise on our streams.
 * Throws NMZ_PROC_COMMAND (exit codes 126 and 127, as a shell's).
 */
export async function startCommand(
  request: CommandStart,
  session: InspectorSession,
  io: StandaloneIo,
): Promise<StartedCommand> {
  findProgram(request);
  const { launched, connect, finish } = await startSession(request, session, io);
  let hasBegun = false;
  session.undo.push(`process ${launched.pid}`, () => {
    if (!hasBegun) process.kill(launched.pid, "SIGKILL"); // it waits for a line that will not come
  });
  return {
    pid: launched.pid,
    async run() {
      hasBegun = true;
      const stopPassing = passSignalsOn(launched);
      const end = (): void => kill(launched);
      request.signal?.addEventListener("abort", end, { once: true });
      if (request.signal?.aborted === true) end();
      connect?.();
      launched.begin();
      try {
        return shellExitCode(await launched.ended);
      } finally {
        request.signal?.removeEventListener("abort", end);
        stopPassing();
        // It is run again and again: a server that it left behind would be in the way of the next one.
        if (request.signal !== undefined && launched.leadsGroup) end();
        await finish();
      }
    },
  };
}

function kill({ pid, leadsGroup }: Launched): void {
  try {
    process.kill(leadsGroup ? -pid : pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

async function startSession(
  request: CommandStart,
  session: InspectorSession,
  io: StandaloneIo,
): Promise<CommandSession> {
  const { streams, stdoutFile, stderrFile } = request;
  const isElsewhere = streams !== undefined || stdoutFile !== undefined || stderrFile !== undefined;
  if (isElsewhere || io.stdin.isTTY !== true || io.stdout.isTTY !== true) return startOnStreams(request);
  try {
    return await startOnTerminal(request, io);
  } catch (error) {
    if (!(error instanceof TerminalAbsentError)) throw error;
    session.say(`${error.message}: the command shares this terminal (npm install node-pty gives it its own)`);
    return startOnStreams(request);
  }
}

async function startOnStreams(request: CommandStart): Promise<CommandSession> {
  const { words, cwd, env, through, stdoutFile, stderrFile } = request;
  const [stdin, stdout, stderr] = request.streams ?? [0, 1, 2];
  const files: number[] = [];
  const open = (file: string | undefined, ours: number): number => {
    if (file === undefined) return ours;
    files.push(openOutput(file));
    return files.at(-1)!;
  };
  const close = (): void => {
    for (const fd of files.splice(0)) closeSync(fd);
  };
  try {
    const streams = [stdin, open(stdoutFile, stdout), open(stderrFile, stderr)] as const;
    // With a terminal it stays in our group, where the terminal's own signals and /dev/tty reach it.
    const leadsGroup = request.streams !== undefined || !terminalStanding().hasTerminal;
    return { launched: await launch(words, { cwd, env, streams, leadsGroup, through }), finish: close };
  } catch (error) {
    close();
    throw error;
  }
}

function openOutput(file: string): number {
  try {
    return openSync(file, "w");
  } catch (error) {
    throw new NmzError("NMZ_PROC_OUTPUT", `cannot write to ${file}: ${messageOf(error)}`, {
      exitCode: 1,
      hint: "give --stdout and --stderr files in folders that are there",
      cause: error,
    });
  }
}
