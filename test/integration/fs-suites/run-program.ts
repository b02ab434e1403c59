import { spawn } from "node:child_process";

export interface ProgramResult {
  /** The exit code, or the signal's name when one ended it. */
  readonly code: number | string;
  /** Both streams, in the order they came. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It is killed then, with all its children: a hung file system must not hang the suite. */
  readonly timeoutMs: number;
}

/** Runs a program to its end, in a process group of its own. Never throws for what the program did. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => {
        output += data.toString();
      });
    }
    const timer = setTimeout(() => {
      output += `\n(killed after ${options.timeoutMs} ms)`;
      process.kill(-child.pid!, "SIGKILL");
    }, options.timeoutMs);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal ?? "unknown", output });
    });
  });
}
