import { spawn } from "node:child_process";
import { type Launched, type ProgramEnd, signalNumber } from "./launched.js";
import { StartGate } from "./start-gate.js";

export interface LaunchOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Descriptors of ours for the program's stdin, stdout and stderr. */
  readonly streams: readonly [stdin: number, stdout: number, stderr: number];
  /** A session and group of its own, without our terminal. */
  readonly leadsGroup: boolean;
  /** Words in front of the gate's, of a program that ends in exec(2): it is in other namespaces then, say. */
  readonly through?: readonly string[];
}

/** Starts a program that waits at its gate. Rejects with Node's error when no process could be made. */
export async function launch(command: readonly string[], options: LaunchOptions): Promise<Launched> {
  const gate = new StartGate();
  const [file, ...args] = gate.wordsFor(command, options.through);
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: [...options.streams],
    detached: options.leadsGroup,
  });
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      gate.close();
      resolve({ exitCode: code ?? 0, signal: signalNumber(signal) });
    });
  });
  const { pid } = child;
  if (pid === undefined) {
    gate.close();
    await ended;
    throw new Error(`${file} was not started`);
  }
  return { pid, leadsGroup: options.leadsGroup, begin: () => gate.open(), ended };
}
