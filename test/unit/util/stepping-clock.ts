import { vi } from "vitest";
import type { Clock } from "../../../src/util/index.js";

/**
 * A clock that moves with vitest's fake timers, and by a microsecond at each reading: code that waits the last
 * fraction of a millisecond in event-loop turns gets on.
 */
export class SteppingClock implements Clock {
  #ms = 0;

  nowMs(): number {
    this.#ms += 0.001;
    return this.#ms;
  }

  wallMs(): number {
    return Date.UTC(2026, 0, 31) + this.#ms;
  }

  /** Lets so many milliseconds pass, with the timers that are due in them. */
  advance(milliseconds: number): void {
    for (let passed = 0; passed < milliseconds; passed += 1) {
      this.#ms += 1;
      vi.advanceTimersByTime(1);
    }
  }
}
