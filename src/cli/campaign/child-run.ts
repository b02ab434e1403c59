import { type ChildProcess, spawn } from "node:child_process";
import { messageOf, NmzError } from "../../util/index.js";
import {
  type ChildFailure,
  type ChildWarning,
  endedMessage,
  endGraceMs,
  endMessage,
  type LoopRunOptions,
  loopChildVariable,
} from "./loop-child.js";
import { OutputFile } from "./output-file.js";
import { OwnLines } from "./own-lines.js";

/** A process that makes one run. */
export interface ChildRequest {
  /** Of nmzc or nmz: "run", its flags, image, command. */
  readonly words: readonly string[];
  readonly cwd: string;
  /** Gets what the workload writes. */
  readonly outputFile: string;
  /** Gets what nmzc says about the run. */
  readonly logFile: string;
  readonly timeoutMs: number | undefined;
  readonly options: LoopRunOptions;
  readonly onWarning: (text: string) => void;
}

export type ChildEnd = {
  readonly durationMs: number;
  /** False: the middle of the output was left out. */
  readonly isOutputWhole: boolean;
  /** By a signal that it could not answer: what it did is not undone. */
  readonly wasKilled: boolean;
} & (
  | { readonly kind: "ended"; readonly exitCode: number }
  | { readonly kind: "timeout" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly error: unknown; readonly isEngineGone: boolean }
);

/** What the process has for undoing when the workload is gone. */
const undoGraceMs = 20_000;
/** For what is still in the pipes of a process that has ended; somebody else may hold them open. */
const drainMs = 2000;

/**
 * Makes a run in a process of its own, so that what one run breaks is that run's. It is out of reach of the terminal's
 * signals: Ctrl-C is the loop's. Throws NMZ_CAMPAIGN_WRITE where its output cannot be kept.
 */
export async function runChild(request: ChildRequest, endNow: AbortSignal): Promise<ChildEnd> {
  const output = openOutput(request.outputFile);
  const log = openOutput(request.logFile);
  const startMs = performance.now();
  // Without "--" Node 20 takes an --env-file of the run's for its own (nodejs/node#54232), and NODE_OPTIONS out of it.
  const words = [...process.execArgv, "--", process.argv[1]!, ...request.words];
  const child = spawn(process.execPath, words, {
    cwd: request.cwd,
    env: { ...process.env, [loopChildVariable]: JSON.stringify(request.options) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  const ending = new Ending(child, request.timeoutMs, endNow);
  let failure: ChildFailure | undefined;
  let hasEnded = false;
  let unwritten: unknown;
  child.on("message", (message) => {
    if (message === endedMessage) hasEnded = true;
    else if (isWarning(message)) request.onWarning(message.warning);
    else failure = message as ChildFailure;
  });
  const guarded = (work: () => void): void => {
    if (unwritten !== undefined) return;
    try {
      work();
    } catch (error) {
      unwritten = error;
      ending.ask("unwritten");
    }
  };
  const ownLines = new OwnLines(
    (line) => log.add(line),
    (chunk) => output.add(chunk),
  );
  child.stdout?.on("data", (chunk: Buffer) => guarded(() => output.add(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => guarded(() => ownLines.add(chunk)));
  const { exitCode, signal, spawnError } = await ended(child);
  ending.dispose();
  const durationMs = performance.now() - startMs;
  guarded(() => ownLines.end());
  guarded(() => output.close());
  guarded(() => log.close());
  if (unwritten !== undefined) throw outputLost(output.path, unwritten);
  const common = { durationMs, isOutputWhole: output.isWhole, wasKilled: signal !== null };
  if (ending.reason === "timeout" || ending.reason === "interrupted")
    return { kind: ending.reason, ...common };
  if (spawnError !== undefined || signal !== null) {
    const what = spawnError === undefined ? `was killed by ${signal}` : messageOf(spawnError);
    const error = new NmzError("NMZ_CAMPAIGN_RUN_KILLED", `the process that made the run ${what}`);
    return { kind: "failed", error, isEngineGone: false, ...common };
  }
  if (failure !== undefined) return { ...failed(failure), ...common };
  if (!hasEnded) return { ...crashed(exitCode, request), ...common };
  return { kind: "ended", exitCode: exitCode ?? 0, ...common };
}

function isWarning(message: unknown): message is ChildWarning {
  return typeof message === "object" && message !== null && "warning" in message;
}

/** Asks a run to end: once its time is over, or when the user has none left. */
class Ending {
  readonly #child: ChildProcess;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #endNow: AbortSignal;
  readonly #onEndNow = (): void => this.ask("interrupted");
  reason: "timeout" | "interrupted" | "unwritten" | undefined;

  constructor(child: ChildProcess, timeoutMs: number | undefined, endNow: AbortSignal) {
    this.#child = child;
    this.#endNow = endNow;
    if (timeoutMs !== undefined) this.#timers.push(setTimeout(() => this.ask("timeout"), timeoutMs));
    if (endNow.aborted) this.#onEndNow();
    else endNow.addEventListener("abort", this.#onEndNow);
  }

  ask(reason: "timeout" | "interrupted" | "unwritten"): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    // A process that cannot be told any more is ending already.
    this.#child.send?.(endMessage, () => {});
    this.#timers.push(setTimeout(() => this.#child.kill("SIGKILL"), endGraceMs + undoGraceMs));
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#endNow.removeEventListener("abort", this.#onEndNow);
  }
}

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly spawnError: Error | undefined;
}

/** Resolves when the process has ended and its output and messages are here. */
function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    let end: Ended | undefined;
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(end!);
    };
    child.once("error", (spawnError) => {
      if (child.pid !== undefined) return; // a message that found nobody
      end = { exitCode: null, signal: null, spawnError };
      finish();
    });
    child.once("exit", (exitCode, signal) => {
      end = { exitCode, signal, spawnError: undefined };
      timer = setTimeout(finish, drainMs);
    });
    child.once("close", finish);
  });
}

function failed({ code, message, hint, exitCode, isEngineGone }: ChildFailure) {
  const error = new NmzError(code ?? "NMZ_CAMPAIGN_RUN", message, {
    ...(hint === undefined ? {} : { hint }),
    exitCode: exitCode as 125,
  });
  return { kind: "failed" as const, error, isEngineGone };
}

/** It is broken itself (an update replaced its files while the loop went on, say), and what it ran has not failed. */
function crashed(exitCode: number | null, { words: [command = ""], outputFile }: ChildRequest) {
  const what = `the process that made the run (${command}) crashed with exit code ${exitCode}`;
  const error = new NmzError("NMZ_CAMPAIGN_RUN_CRASHED", what, { hint: `see ${outputFile}` });
  return { kind: "failed" as const, error, isEngineGone: false };
}

function openOutput(path: string): OutputFile {
  try {
    return new OutputFile(path);
  } catch (error) {
    throw outputLost(path, error);
  }
}

function outputLost(path: string, error: unknown): NmzError {
  return new NmzError("NMZ_CAMPAIGN_WRITE", `cannot write ${path}: ${messageOf(error)}`, {
    hint: "make room, and go on with --resume: what has ended before is kept",
    cause: error,
  });
}
