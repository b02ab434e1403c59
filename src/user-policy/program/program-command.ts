import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { resolve } from "node:path";

/** A program and its words, and the folder it runs in. */
export interface ProgramCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
}

/**
 * `./policy.py --fast`: words between blanks, no shell. A program with a slash is relative to the folder of the config,
 * which is also where it runs; any other is looked for on the PATH.
 */
export function parseCommand(text: string, folder: string): ProgramCommand {
  const [program = "", ...args] = text.trim().split(/\s+/);
  return { program: program.includes("/") ? resolve(folder, program) : program, args, folder };
}

/** In a process group of its own: Ctrl-C is for the workload, and the group is ended with all that it started. */
export function startProgram({ program, args, folder }: ProgramCommand): ChildProcessWithoutNullStreams {
  return spawn(program, args, { cwd: folder, detached: true, stdio: ["pipe", "pipe", "pipe"] });
}

/** Ends it and its group, and listens no more: a daemon that it left would hold the pipes open, and us with them. */
export function killProgram(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
}

/** "exit code 1", "SIGKILL". */
export function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `exit code ${code}`;
}
