import type { Launched, ProgramEnd } from "./launched.js";
import { StartGate } from "./start-gate.js";

/** The optional package node-pty is not there, or does not load. */
export class TerminalAbsentError extends Error {
  constructor(cause: unknown) {
    super(
      `node-pty does not load: ${cause instanceof Error ? cause.message.split("\n")[0] : String(cause)}`,
      {
        cause,
      },
    );
    this.name = "TerminalAbsentError";
  }
}

export interface TerminalLaunchOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly columns: number;
  readonly rows: number;
  /** What the program writes. */
  readonly onOutput: (bytes: Buffer) => void;
  /** As in LaunchOptions. */
  readonly through?: readonly string[];
}

/** A program on a terminal of its own. */
export interface LaunchedOnTerminal extends Launched {
  write(bytes: Buffer): void;
  resize(columns: number, rows: number): void;
  /** The program waits when it writes more; `resume` ends that. */
  pause(): void;
  resume(): void;
}

/** What of node-pty is used; not its own types, because it may not be installed. */
interface Pty {
  readonly pid: number;
  onData(listener: (bytes: Buffer) => void): unknown;
  onExit(listener: (end: { readonly exitCode: number; readonly signal?: number }) => void): unknown;
  write(bytes: Buffer): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
}

interface NodePty {
  spawn(file: string, args: readonly string[], options: object): Pty;
}

const packageName: string = "node-pty";

/** Starts a program that waits at its gate, on a new terminal. Throws TerminalAbsentError. */
export async function launchOnTerminal(
  command: readonly string[],
  options: TerminalLaunchOptions,
): Promise<LaunchedOnTerminal> {
  const { spawn } = await loadNodePty();
  const gate = new StartGate();
  const [file, ...args] = gate.wordsFor(command, options.through);
  const { cwd, env, columns, rows } = options;
  // `name` becomes TERM; `encoding: null` gives bytes, which may be cut anywhere.
  const terminal = {
    name: env["TERM"] ?? "xterm",
    encoding: null,
    cwd,
    env: { ...env },
    cols: columns,
    rows,
  };
  let pty: Pty;
  try {
    pty = spawn(file, args, terminal);
  } catch (error) {
    gate.close();
    throw error;
  }
  pty.onData(options.onOutput);
  const ended = new Promise<ProgramEnd>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      gate.close();
      resolve({ exitCode, signal: signal ?? 0 });
    });
  });
  return {
    pid: pty.pid,
    leadsGroup: true,
    begin: () => gate.open(),
    ended,
    write: (bytes) => pty.write(bytes),
    resize: (newColumns, newRows) => pty.resize(newColumns, newRows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
  };
}

async function loadNodePty(): Promise<NodePty> {
  try {
    const loaded = (await import(packageName)) as NodePty & { readonly default?: NodePty };
    return loaded.default ?? loaded;
  } catch (error) {
    throw new TerminalAbsentError(error);
  }
}
