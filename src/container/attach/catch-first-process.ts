import {
  containerCgroupCandidates,
  type FirstProcess,
  findFirstProcess,
  netnsInode,
} from "../../../runtime/kernel/index.js";

const pollMs = 1;

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
  readonly #candidates: readonly string[];
  readonly #ownNetns: number;
  #timer: NodeJS.Timeout | undefined;
  #hasCaught = false;

  constructor(containerId: string, cgroupParent: string | undefined) {
    this.#candidates = containerCgroupCandidates(containerId, cgroupParent);
    this.#ownNetns = netnsInode("self") ?? 0;
  }

  get hasCaught(): boolean {
    return this.#hasCaught;
  }

  /** Calls `caught` once, as soon as the process is there, unless `stop` comes first. */
  start(caught: (process: CaughtProcess) => void): void {
    const look = () => {
      const found = findFirstProcess(this.#candidates, this.#ownNetns);
      if (found === undefined || !send("SIGSTOP", found.pid)) {
        this.#timer = setTimeout(look, pollMs);
        return;
      }
      this.#timer = undefined;
      this.#hasCaught = true;
      caught({ ...found, letGo: () => void send("SIGCONT", found.pid) });
    };
    look();
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
