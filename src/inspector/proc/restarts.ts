import { closeSync } from "node:fs";
import {
  borrowDescriptor,
  innermostPid,
  type ProgramOfProcess,
  processStartTicks,
  programOfProcess,
  sharesNamespace,
} from "../../../runtime/kernel/index.js";
import { messageOf } from "../../util/index.js";
import { type ChosenProcess, isAlive } from "./choose-process.js";

/** A program that is to run again, and where the old one's output went (our descriptors, closed by who starts it). */
export interface RestartRequest extends ProgramOfProcess {
  readonly stdout: number | undefined;
  readonly stderr: number | undefined;
}

/**
 * Starts a program where the old one was, and sees to it that the request's descriptors are closed. Resolves when it runs,
 * rejects when it does not start.
 */
export type ProcessStarter = (request: RestartRequest) => Promise<void>;

export interface RestartsParts {
  /** The target's first process. */
  readonly firstPid: number;
  readonly start: ProcessStarter;
  /** Names what could not be started again. */
  readonly onFailure: (reason: string) => void;
}

const stepMs = 100;

/** Processes that were killed and are to be started again, as they were. */
export class Restarts {
  readonly #parts: RestartsParts;
  readonly #firstStartTicks: number | undefined;
  readonly #waiting = new Map<NodeJS.Timeout, RestartRequest>();
  readonly #starting = new Set<Promise<void>>();

  constructor(parts: RestartsParts) {
    this.#parts = parts;
    this.#firstStartTicks = processStartTicks(parts.firstPid);
  }

  /** Kills it now. Returns why it could not be done. */
  restart(chosen: ChosenProcess, downMs: number): string | undefined {
    const { firstPid } = this.#parts;
    if (chosen.pid === firstPid) {
      return "it is the first process, with which everything ends (run the program as a child: a shell, or an init)";
    }
    const program = programOfProcess(chosen.pid);
    if (program === undefined) return "it has ended, or has no program";
    if (!sharesNamespace(chosen.pid, process.pid, "user")) return "its users are mapped to others";
    if (
      innermostPid(chosen.pid) === 1 ||
      !["mnt", "pid"].every((kind) => sharesNamespace(chosen.pid, firstPid, kind))
    ) {
      return "it lives in namespaces of its own";
    }
    // setproctitle(3) puts one line where the arguments were.
    if (program.words.length === 1 && /\s/.test(program.words[0]!)) {
      return "it has overwritten its arguments, so nobody knows how to start it";
    }
    const request = {
      ...program,
      stdout: borrowDescriptor(chosen.pid, 1),
      stderr: borrowDescriptor(chosen.pid, 2),
    };
    if (!isAlive(chosen)) {
      closeOutput(request);
      return "it has ended";
    }
    process.kill(chosen.pid, "SIGKILL");
    this.#waitFor(performance.now() + downMs, request);
    return undefined;
  }

  /** What is down stays down. */
  async stop(): Promise<void> {
    for (const [timer, request] of this.#waiting) {
      clearTimeout(timer);
      closeOutput(request);
    }
    this.#waiting.clear();
    await Promise.all(this.#starting);
  }

  /** In small steps: while we hold its output, an engine does not take a container for ended. */
  #waitFor(atMs: number, request: RestartRequest): void {
    const leftMs = atMs - performance.now();
    const timer = setTimeout(
      () => {
        this.#waiting.delete(timer);
        if (processStartTicks(this.#parts.firstPid) !== this.#firstStartTicks) closeOutput(request);
        else if (atMs > performance.now()) this.#waitFor(atMs, request);
        else this.#start(request);
      },
      Math.max(0, Math.min(leftMs, stepMs)),
    );
    this.#waiting.set(timer, request);
  }

  #start(request: RestartRequest): void {
    const starting = this.#parts
      .start(request)
      .catch((error: unknown) => this.#parts.onFailure(`${request.words[0]}: ${messageOf(error)}`))
      .finally(() => this.#starting.delete(starting));
    this.#starting.add(starting);
  }
}

/** Once only for each request. */
export function closeOutput({ stdout, stderr }: RestartRequest): void {
  for (const fd of [stdout, stderr]) if (fd !== undefined) closeSync(fd);
}
