import {
  type DeadlineState,
  deadlineState,
  hasNoRuntime,
  ordinaryAttributes,
  resetOnFork,
  type SchedulingAttributes,
  schedPolicies,
  tryLeaveDeadline,
  trySetSchedAttributes,
} from "../../../runtime/kernel/index.js";
import type { SchedAttributes } from "../../signal/index.js";
import type { Refusals } from "./refusals.js";
import type { ThreadLedger } from "./thread-ledger.js";

const errnoGone = 3; // ESRCH
const errnoBusy = 16; // EBUSY

/** No deadline thread gets less of a CPU: one in a thousand, and a JVM that is killed takes minutes to end. */
const leastShare = 0.01;

/**
 * A thread without runtime that has no new deadline by then is stopped for good. It overruns by up to a tick, 10 ms, and
 * with the least share pays that back in a hundred times as long.
 */
const longestPaybackMs = 2_000;

interface DeadlineWish {
  readonly tid: number;
  readonly attributes: SchedulingAttributes;
  /** By how much the machine's deadline bandwidth grows, in CPUs. */
  readonly growth: number;
}

/**
 * Applies attributes in an order that admission control accepts: first whoever leaves SCHED_DEADLINE, then deadline
 * threads that shrink, then those that grow. When the kernel still has not enough deadline bandwidth (another run of
 * nmzc has it), runtimes are halved until they fit, and so are those that come after; what does not fit at a hundredth
 * of a CPU stays what it is.
 */
export class AttributeSetter {
  readonly #ledger: ThreadLedger;
  readonly #refusals: Refusals;
  readonly #admittedCpus: number;
  readonly #bandwidth = new Map<number, number>();
  #scale = 1;
  #set = 0;
  #gone = 0;
  #reduced = 0;
  #kept = 0;
  /** Threads that the kernel would never let run in SCHED_DEADLINE again; see hasNoRuntime. */
  readonly #spoilt = new Set<number>();
  /** The deadline with which a thread left SCHED_DEADLINE last, in ns. */
  readonly #leftWith = new Map<number, number>();

  /** `admittedCpus`: deadline bandwidth of the machine, see admittedDeadlineCpus. */
  constructor(ledger: ThreadLedger, refusals: Refusals, admittedCpus: number) {
    this.#ledger = ledger;
    this.#refusals = refusals;
    this.#admittedCpus = admittedCpus;
  }

  /**
   * Threads set; threads that had ended before they could be; deadline runtimes that were reduced to fit; times that a
   * thread was left in its class, since a change would have stopped it for good.
   */
  get counts(): Record<"set" | "gone" | "reduced" | "kept", number> {
    return { set: this.#set, gone: this.#gone, reduced: this.#reduced, kept: this.#kept };
  }

  /** Keys are thread ids as decimal strings. */
  apply(wanted: Readonly<Record<string, SchedAttributes>>): void {
    const wishes: DeadlineWish[] = [];
    for (const key in wanted) {
      const tid = Number(key);
      const attributes = fromWire(wanted[key]!);
      if (attributes.policy === schedPolicies.DEADLINE) wishes.push(this.#wish(tid, attributes));
      else this.#setOther(tid, attributes);
    }
    if (wishes.length > 0) this.#setDeadlines(wishes);
  }

  /** Gives a thread back what it had. Returns the errno, 0 when it is done. */
  restore(tid: number, original: SchedulingAttributes, isDeadline: boolean): number {
    this.#bandwidth.delete(tid);
    this.#ledger.setDeadline(tid, original.policy === schedPolicies.DEADLINE);
    // SCHED_IDLE keeps the nice value that a thread had in its class before.
    if (original.policy === schedPolicies.IDLE) {
      trySetSchedAttributes(tid, { ...ordinaryAttributes, nice: original.nice });
    }
    return isDeadline && original.policy !== schedPolicies.DEADLINE
      ? tryLeaveDeadline(tid, original)
      : trySetSchedAttributes(tid, original);
  }

  /** Lets a thread run that is to end. */
  release(tid: number): void {
    const state = deadlineState(tid);
    const errno = tryLeaveDeadline(tid, ordinaryAttributes);
    if (errno === 0) this.#left(tid, state);
  }

  /** Forgets threads that have ended. */
  prune(): void {
    for (const tid of this.#spoilt) if (!this.#ledger.has(tid)) this.#spoilt.delete(tid);
    for (const tid of this.#leftWith.keys()) if (!this.#ledger.has(tid)) this.#leftWith.delete(tid);
    for (const tid of this.#bandwidth.keys()) if (!this.#ledger.has(tid)) this.#bandwidth.delete(tid);
  }

  #wish(tid: number, attributes: SchedulingAttributes): DeadlineWish {
    return {
      tid,
      attributes: { ...attributes, flags: attributes.flags | resetOnFork },
      growth: bandwidthOf(attributes) - (this.#bandwidth.get(tid) ?? 0),
    };
  }

  #setOther(tid: number, attributes: SchedulingAttributes): void {
    const wasDeadline = this.#ledger.isDeadline(tid);
    const state = wasDeadline ? deadlineState(tid) : undefined;
    // Its runtime comes back in a moment, and the next sweep draws anew.
    if (state !== undefined && hasNoRuntime(state)) {
      this.#kept += 1;
      return;
    }
    const errno = wasDeadline ? tryLeaveDeadline(tid, attributes) : trySetSchedAttributes(tid, attributes);
    this.#note(tid, attributes, errno);
    if (wasDeadline && errno === 0) this.#left(tid, state);
  }

  #left(tid: number, state: DeadlineState | undefined): void {
    if (state !== undefined) this.#leftWith.set(tid, state.deadlineNs);
    this.#bandwidth.delete(tid);
    this.#ledger.setDeadline(tid, false);
  }

  #setDeadlines(wishes: DeadlineWish[]): void {
    wishes.sort((a, b) => a.growth - b.growth);
    const sum = wishes.reduce((cpus, { attributes }) => cpus + bandwidthOf(attributes), 0);
    this.#scale = Math.min(1, this.#scale * 2, this.#admittedCpus / sum);
    for (const { tid, attributes } of wishes) this.#setDeadline(tid, attributes);
  }

  #setDeadline(tid: number, wished: SchedulingAttributes): void {
    if (this.#spoilt.has(tid)) {
      this.#kept += 1;
      return;
    }
    const leastNs = leastRuntimeNs(wished);
    let attributes = scaled(wished, this.#scale, leastNs);
    let errno = trySetSchedAttributes(tid, attributes);
    while (errno === errnoBusy && attributes.runtimeNs > leastNs) {
      this.#scale /= 2;
      attributes = scaled(wished, this.#scale, leastNs);
      errno = trySetSchedAttributes(tid, attributes);
    }
    this.#note(tid, attributes, errno);
    if (errno !== 0) return;
    const isNew = !this.#ledger.isDeadline(tid);
    if (attributes.runtimeNs < wished.runtimeNs) this.#reduced += 1;
    this.#bandwidth.set(tid, bandwidthOf(attributes));
    this.#ledger.setDeadline(tid, true);
    if (isNew) this.#lookAfterEntry(tid);
  }

  /**
   * A thread that has just come and has no runtime may have used it up, which takes a small one microseconds, or be one
   * that never gets another. That one keeps the deadline that it left with, and gets no new one.
   */
  #lookAfterEntry(tid: number): void {
    const entered = deadlineState(tid);
    if (entered === undefined || !hasNoRuntime(entered)) return;
    if (entered.deadlineNs === this.#leftWith.get(tid)) {
      this.#giveUp(tid);
      return;
    }
    const lookAgain = () => {
      const now = deadlineState(tid);
      if (!this.#ledger.isDeadline(tid) || now === undefined) return;
      if (hasNoRuntime(now) && now.deadlineNs === entered.deadlineNs) this.#giveUp(tid);
    };
    setTimeout(lookAgain, longestPaybackMs).unref();
  }

  #giveUp(tid: number): void {
    this.#spoilt.add(tid);
    this.release(tid);
  }

  #note(tid: number, attributes: SchedulingAttributes, errno: number): void {
    if (errno === 0) {
      this.#set += 1;
    } else if (errno === errnoGone) {
      this.#gone += 1;
      this.#bandwidth.delete(tid);
      this.#ledger.delete(tid);
    } else {
      this.#refusals.countErrno(attributes.policy, errno);
    }
  }
}

function fromWire(wire: SchedAttributes): SchedulingAttributes {
  return {
    policy: wire.Policy,
    flags: wire.Flags,
    nice: wire.Nice,
    priority: wire.Priority,
    runtimeNs: wire.Runtime,
    deadlineNs: wire.Deadline,
    periodNs: wire.Period,
  };
}

function scaled(attributes: SchedulingAttributes, scale: number, leastNs: number): SchedulingAttributes {
  const runtimeNs = Math.max(leastNs, Math.floor(attributes.runtimeNs * Math.min(1, scale)));
  return { ...attributes, runtimeNs };
}

function leastRuntimeNs({ deadlineNs, periodNs }: SchedulingAttributes): number {
  return Math.min(deadlineNs, Math.ceil(leastShare * (periodNs === 0 ? deadlineNs : periodNs)));
}

/** In CPUs. A period of 0 means "as the deadline". */
function bandwidthOf({ runtimeNs, deadlineNs, periodNs }: SchedulingAttributes): number {
  const every = periodNs === 0 ? deadlineNs : periodNs;
  return every === 0 ? 0 : runtimeNs / every;
}
