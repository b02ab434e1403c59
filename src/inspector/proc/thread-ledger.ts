import {
  ordinaryAttributes,
  type SchedulingAttributes,
  schedPolicies,
} from "../../../runtime/kernel/index.js";

interface ThreadEntry {
  /** What it had before anyone here touched it. */
  readonly original: SchedulingAttributes;
  isDeadline: boolean;
  sweep: number;
}

const largestSize = 200_000;

/**
 * What is known of each thread. A thread that is born later inherits what its parent was given, not what it would have
 * had: its original attributes are its parent's.
 */
export class ThreadLedger {
  readonly #threads = new Map<number, ThreadEntry>();
  #firstOriginal = ordinaryAttributes;
  #sweep = 0;

  get size(): number {
    return this.#threads.size;
  }

  has(tid: number): boolean {
    return this.#threads.has(tid);
  }

  /** A thread that was there before us, with what it has now. The first one stands in for unknown parents. */
  addOriginal(tid: number, attributes: SchedulingAttributes): void {
    const isFair = attributes.policy === schedPolicies.NORMAL || attributes.policy === schedPolicies.BATCH;
    // For these the kernel reports the time slice as runtime; written back it would be fixed for good.
    const original = isFair ? { ...attributes, runtimeNs: 0, deadlineNs: 0, periodNs: 0 } : attributes;
    if (this.#threads.size === 0) this.#firstOriginal = original;
    this.#put(tid, original, attributes.policy === schedPolicies.DEADLINE);
  }

  /** A thread that was born among the others; parent 0 is unknown. */
  addBorn(tid: number, parent: number): void {
    this.#put(tid, this.originalOf(parent), false);
  }

  originalOf(tid: number): SchedulingAttributes {
    return this.#threads.get(tid)?.original ?? this.#firstOriginal;
  }

  isDeadline(tid: number): boolean {
    return this.#threads.get(tid)?.isDeadline ?? false;
  }

  setDeadline(tid: number, isDeadline: boolean): void {
    const entry = this.#threads.get(tid);
    if (entry !== undefined) entry.isDeadline = isDeadline;
  }

  deadlineThreads(): number[] {
    return [...this.#threads].flatMap(([tid, { isDeadline }]) => (isDeadline ? [tid] : []));
  }

  delete(tid: number): void {
    this.#threads.delete(tid);
  }

  /** Forgets all threads but these; returns those that were not known. */
  keepOnly(living: readonly number[]): number[] {
    const unknown: number[] = [];
    this.#sweep += 1;
    for (const tid of living) {
      const entry = this.#threads.get(tid);
      if (entry === undefined) unknown.push(tid);
      else entry.sweep = this.#sweep;
    }
    if (this.#threads.size > living.length - unknown.length) {
      for (const [tid, entry] of this.#threads) if (entry.sweep !== this.#sweep) this.#threads.delete(tid);
    }
    return unknown;
  }

  #put(tid: number, original: SchedulingAttributes, isDeadline: boolean): void {
    if (this.#threads.size >= largestSize) this.#threads.clear(); // only births without a sweep get here
    this.#threads.set(tid, { original, isDeadline, sweep: this.#sweep });
  }
}
