import { kill } from "node:process";
import {
  containerCgroupCandidates,
  type FirstProcess,
  findFirstProcess,
  netnsInode,
  processState,
} from "../../../runtime/kernel/index.js";

const pollMs = 1;

/** Looks for the container's first process until it is there; see runtime/kernel/first-process. */
export class FirstProcessWatch {
  readonly #candidates: readonly string[];
  readonly #ownNetns: number;
  #timer: NodeJS.Timeout | undefined;
  #hasFound = false;

  constructor(containerId: string, cgroupParent: string | undefined) {
    this.#candidates = containerCgroupCandidates(containerId, cgroupParent);
    this.#ownNetns = netnsInode("self") ?? 0;
  }

  get hasFound(): boolean {
    return this.#hasFound;
  }

  /** Calls `found` once, as soon as the process is there, unless `stop` comes first. */
  start(found: (process: FirstProcess) => void): void {
    const look = () => {
      const process = findFirstProcess(this.#candidates, this.#ownNetns);
      if (process === undefined) {
        this.#timer = setTimeout(look, pollMs);
      } else {
        this.#timer = undefined;
        this.#hasFound = true;
        found(process);
      }
    };
    look();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * Runs `attach` while the process is stopped, so that it cannot reach the workload's first instruction before the
 * inspectors are there, however slow the machine is. The container runtime's waiting process does nothing at that
 * moment but wait for the engine; nobody misses it for these milliseconds.
 */
export async function whileStopped(pid: number, attach: () => Promise<void>): Promise<void> {
  const wasRunning = processState(pid) !== "T";
  if (wasRunning) kill(pid, "SIGSTOP");
  try {
    await attach();
  } finally {
    if (wasRunning) continueProcess(pid);
  }
}

function continueProcess(pid: number): void {
  try {
    kill(pid, "SIGCONT");
  } catch {
    // It was killed meanwhile.
  }
}
