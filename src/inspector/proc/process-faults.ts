import { constants } from "node:os";
import { processOfThread } from "../../../runtime/kernel/index.js";
import { faultName, type ProcessFault } from "../../signal/index.js";
import { messageOf, type UndoStack } from "../../util/index.js";
import { Affinities } from "./affinities.js";
import { type ChosenProcess, chooseProcess } from "./choose-process.js";
import type { CpuShare } from "./cpu-share.js";
import { Pauses } from "./pauses.js";
import type { Refusals } from "./refusals.js";
import type { Restarts } from "./restarts.js";

export interface ProcessFaultsParts {
  readonly undo: UndoStack;
  readonly refusals: Refusals;
  readonly restarts: Restarts;
  readonly onError: (error: unknown) => void;
  /** Makes a thread ready for fewer CPUs: one of SCHED_DEADLINE must have them all. */
  readonly leaveDeadline: (tid: number) => void;
  /** All threads that there are, at the end. */
  readonly threads: () => readonly number[];
}

const stopSignals: ReadonlySet<string> = new Set(["SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU"]);
// glibc's; Node does not name them.
const realtimeSignals: Readonly<Record<string, number>> = { SIGRTMIN: 34, SIGRTMAX: 64 };

/** Does to processes what faults say, counts what was done, and what could not be as a refusal. */
export class ProcessFaults {
  readonly #parts: ProcessFaultsParts;
  readonly #pauses: Pauses;
  readonly #affinities = new Affinities();
  readonly #counts: Record<string, number> = {};
  readonly #undoAffinities: () => Promise<void>;

  #share: CpuShare | undefined;

  constructor(parts: ProcessFaultsParts) {
    this.#parts = parts;
    this.#pauses = new Pauses(parts.undo, parts.onError);
    this.#undoAffinities = parts.undo.push("CPUs of the workload's threads", () =>
      this.#affinities.restore(parts.threads()),
    );
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  apply(threadIds: readonly number[], fault: ProcessFault): void {
    const chosen = chooseProcess(threadIds, fault.process, fault.place);
    if (chosen === undefined) {
      this.#parts.refusals.count(`${fault.kind}: no process is called ${fault.process}`);
      return;
    }
    let refusal: string | undefined;
    try {
      refusal = this.#carryOut(chosen, fault);
    } catch (error) {
      refusal = messageOf(error);
    }
    if (refusal === undefined) this.#count(fault);
    else this.#parts.refusals.count(`${fault.kind} ${fault.process}: ${refusal}`);
  }

  /** The threads that there are keep to some of their CPUs; those born later inherit it. A refusal says what stood against it. */
  keepTo(share: CpuShare): void {
    this.#share = share;
    this.#keep(this.#parts.threads(), share);
  }

  /** Threads that are new: nearly all have inherited their CPUs, but who was put into a container by `docker exec` has all. */
  keepNew(threadIds: readonly number[]): void {
    if (this.#share === undefined) return;
    const escaped = threadIds.filter((tid) => this.#affinities.isNarrow(tid) === false);
    if (escaped.length > 0) this.#keep(escaped, this.#share);
  }

  #keep(threadIds: readonly number[], { count, place }: CpuShare): void {
    const { leaveDeadline, refusals } = this.#parts;
    const processes = new Set(threadIds.map((tid) => processOfThread(tid) ?? tid));
    for (const pid of processes) {
      const refusal = this.#affinities.narrow(pid, count, place, leaveDeadline);
      if (refusal !== undefined) refusals.count(`proc.cpus = ${count}: ${refusal}`);
    }
  }

  /** Everything goes on as if nothing had been. */
  async stop(): Promise<void> {
    await this.#parts.restarts.stop();
    await this.#pauses.resumeAll();
    await this.#undoAffinities();
  }

  #count(fault: ProcessFault): void {
    const name = faultName(fault);
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }

  /** Returns why it could not be done. */
  #carryOut(chosen: ChosenProcess, fault: ProcessFault): string | undefined {
    switch (fault.kind) {
      case "pause":
        return this.#pauses.pause(chosen, fault.forMs);
      case "kill":
        return this.#kill(chosen, fault.signal);
      case "restart":
        return this.#parts.restarts.restart(chosen, fault.downMs);
      case "affinity":
        return this.#affinities.narrow(chosen.pid, fault.cpus, fault.cpuPlace, this.#parts.leaveDeadline);
    }
  }

  #kill(chosen: ChosenProcess, signal: string): string | undefined {
    const number = constants.signals[signal as NodeJS.Signals] ?? realtimeSignals[signal];
    if (number === undefined) return `there is no signal ${signal} (kill -l lists them)`;
    // Nobody else would ever continue it.
    if (stopSignals.has(signal)) {
      return this.#pauses.pause(chosen, undefined, signal as NodeJS.Signals);
    }
    process.kill(chosen.pid, number);
    return undefined;
  }
}
