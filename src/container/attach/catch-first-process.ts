import {
  containerCgroupCandidates,
  type FirstProcess,
  findFirstProcess,
  netnsInode,
} from "../../../runtime/kernel/index.js";

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
  readonly #candidates: readonly string[];
  /** 0: any namespace will do. */
  readonly #ownNetns: number;
  #timer: NodeJS.Timeout | undefined;
  #hasCaught = false;

  constructor(containerId: string, { cgroupParent, isInHostNetwork }: ContainerPlace) {
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
      if (!isIt || !send("SIGSTOP", found.pid)) {
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
