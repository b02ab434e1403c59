import type { Clock } from "../util/index.js";

/**
 * One queue whose items come out one after another, each after an interval of its own: the delay of an item counts from
 * its arrival or from when the item before it left, whichever is later. Namazu's `dumb`, and its `random` with equal
 * bounds.
 */
export class Fifo {
  readonly #clock: Clock;
  #lastDueMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long an item that arrives now has to wait. */
  delayMs(intervalMs: number): number {
    if (intervalMs === 0) return 0;
    const nowMs = this.#clock.nowMs();
    this.#lastDueMs = Math.max(nowMs, this.#lastDueMs) + intervalMs;
    return this.#lastDueMs - nowMs;
  }
}
