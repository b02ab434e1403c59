import {
  containerCgroupCandidates,
  type FirstProcess,
  findFirstProcess,
  netnsInode,
  processStartTicks,
} from "../../../runtime/kernel/index.js";
import type { UndoStack } from "../../util/index.js";

const pollMs = 1;

/** What tells where the container's first process will be. */
export interface ContainerPlace {
  readonly cgroupParent: string | undefined;
  /** `--network host`: the process never leaves our network namespace. */
  readonly isInHostNetwork: boolean;
}

/** The container's first process, stopped by SIGSTOP until `letGo`. */
export interface CaughtProcess extends FirstProcess {
  letGo(): void;
}

/**
 * Looks for the container's first process and stops it, so that it cannot reach the workload's first instruction
 * before the inspectors are there, however slow the machine is. What is stopped is the container runtime's waiting
 * process: it does nothing at that moment but wait for the engine, and nobody misses it for some milliseconds.
 */
export class FirstProcessWatch {
  readonly #undo: UndoStack;
  readonly #candidates: readonly string[];
  /** 0: any namespace will do. */
  readonly #ownNetns: number;
  #timer: NodeJS.Timeout | undefined;
  #hasCaught = false;

  /** While the process is stopped that is on `undo`: one that nobody lets go keeps the engine waiting, for ever. */
  constructor(containerId: string, { cgroupParent, isInHostNetwork }: ContainerPlace, undo: UndoStack) {
    this.#undo = undo;
    this.#candidates = containerCgroupCandidates(containerId, cgroupParent);
    this.#ownNetns = isInHostNetwork ? 0 : (netnsInode("self") ?? 0);
  }

  get hasCaught(): boolean {
    return this.#hasCaught;
  }

  /** Calls `caught` once, as soon as the process is there, unless `stop` comes first. */
  start(caught: (process: CaughtProcess) => void): void {
    const look = () => {
      const found = findFirstProcess(this.#candidates, this.#ownNetns);
      // In the host's network only the name tells the waiting process from the runtime's helpers.
      const isIt = found !== undefined && (found.isBeforeExec || this.#ownNetns !== 0);
      const stopped = isIt ? this.#stopProcess(found) : undefined;
      if (stopped === undefined) {
        this.#timer = setTimeout(look, pollMs);
        return;
      }
      this.#timer = undefined;
      this.#hasCaught = true;
      caught(stopped);
    };
    look();
  }

  /** Undefined when the process is gone: it was one of the runtime's helpers, or it was killed. */
  #stopProcess({ pid }: FirstProcess): CaughtProcess | undefined {
    const startTicks = processStartTicks(pid);
    if (startTicks === undefined) return undefined;
    const record = { kind: "stopped-process", pid, startTicks } as const;
    const letGo = this.#undo.push("stop of the first process", () => void send("SIGCONT", pid), record);
    const isStopped = send("SIGSTOP", pid);
    // Once more, now that it can run no further: it may have begun its workload after the first look.
    const now = isStopped ? findFirstProcess(this.#candidates, this.#ownNetns) : undefined;
    if (now?.pid === pid) return { ...now, letGo: () => void letGo() };
    void letGo();
    return undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** False when the process is gone: it was one of the runtime's helpers, or it was killed. */
function send(signal: NodeJS.Signals, pid: number): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
