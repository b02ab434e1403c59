import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../dist/bin/", import.meta.url));

// Runs that fail on purpose leave no seeds in the home of whoever runs the tests.
const stateFolder = join(tmpdir(), "nmzc-test-state");

export interface Finished {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedNmzc {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when stdout holds the text. */
  stdoutHas(text: string): Promise<void>;
  /** Resolves when stderr does. */
  stderrHas(text: string): Promise<void>;
}

export interface RunOptions {
  readonly command?: "nmz" | "nmzc";
  readonly input?: string | Buffer;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** A session of its own: the terminal that the tests run in is not its terminal. */
  readonly leadsSession?: boolean;
  /** What starts it: a command that takes another one as its last words. */
  readonly within?: readonly string[];
}

/** Starts the built command line; stdin stays open until `input` (or nothing) has been written and ended. */
export function startNmzc(args: readonly string[], options: RunOptions = {}): StartedNmzc {
  const [program, ...words] = [
    ...(options.within ?? []),
    ...[process.execPath, `${cli}${options.command ?? "nmzc"}.js`, ...args],
  ] as [string, ...string[]];
  const child = spawn(program, words, {
    stdio: ["pipe", "pipe", "pipe"],
    env: options.env ?? { ...process.env, XDG_STATE_HOME: stateFolder },
    detached: options.leadsSession ?? false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stdout = "";
  let stderr = "";
  const output = new EventEmitter();
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    output.emit("more");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    output.emit("more");
  });
  child.stdin.on("error", () => {}); // the workload may end without reading
  child.stdin.end(options.input ?? "");
  const finished = new Promise<Finished>((resolve) => {
    child.on("close", (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
  const has = (what: string, text: string, read: () => string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!read().includes(text)) return;
        output.off("more", look);
        resolve();
      };
      output.on("more", look);
      look();
      finished.then(() => reject(new Error(`ended without "${text}" on ${what}; stderr: ${stderr}`)));
    });
  return {
    process: child,
    finished,
    stdoutHas: (text) => has("stdout", text, () => stdout),
    stderrHas: (text) => has("stderr", text, () => stderr),
  };
}

export function runNmzc(args: readonly string[], options?: RunOptions): Promise<Finished> {
  return startNmzc(args, options).finished;
}
