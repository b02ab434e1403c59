import { performance } from "node:perf_hooks"; // the global of that name is looked up anew at each call

/** Time, as an argument: replay and tests bring their own. */
export interface Clock {
  /** Monotonic milliseconds with a fraction; the origin is arbitrary. */
  nowMs(): number;
  /** Milliseconds since 1970 with a fraction, for records that people read. */
  wallMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => performance.timeOrigin + performance.now(),
};
