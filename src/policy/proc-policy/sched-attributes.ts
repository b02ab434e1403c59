import type { SchedAttributes } from "../../signal/index.js";

/** Policy numbers of linux/sched.h. */
export const schedPolicy = { normal: 0, fifo: 1, roundRobin: 2, batch: 3, idle: 5, deadline: 6 } as const;

/** SCHED_FLAG_RESET_ON_FORK of linux/sched.h: children start as SCHED_NORMAL. A deadline thread cannot fork without it. */
export const resetOnFork = 0x01;

const zero: SchedAttributes = {
  Policy: schedPolicy.normal,
  Flags: 0,
  Nice: 0,
  Priority: 0,
  Runtime: 0,
  Deadline: 0,
  Period: 0,
};

export const normal = zero;

export function niceness(
  policy: typeof schedPolicy.normal | typeof schedPolicy.batch,
  nice: number,
): SchedAttributes {
  return { ...zero, Policy: policy, Nice: nice };
}

export function roundRobin(priority: number): SchedAttributes {
  return { ...zero, Policy: schedPolicy.roundRobin, Priority: priority };
}

/** Deadline and period are the same: the share is runtime / period. */
export function deadline(runtimeNs: number, periodNs: number): SchedAttributes {
  return {
    ...zero,
    Policy: schedPolicy.deadline,
    Flags: resetOnFork,
    Runtime: runtimeNs,
    Deadline: periodNs,
    Period: periodNs,
  };
}
