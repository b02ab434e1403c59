/** Linux scheduling policies, by the numbers of linux/sched.h. */
export const schedPolicies = {
  NORMAL: 0,
  FIFO: 1,
  RR: 2,
  BATCH: 3,
  IDLE: 5,
  DEADLINE: 6,
} as const;

/** SCHED_FLAG_RESET_ON_FORK: children start as SCHED_NORMAL, nice 0. A deadline thread cannot fork without it. */
export const resetOnFork = 1;

/** struct sched_attr of linux/sched/types.h, the parts of version 0. */
export interface SchedulingAttributes {
  readonly policy: number;
  readonly flags: number;
  /** −20…19; NORMAL and BATCH only. */
  readonly nice: number;
  /** 1…99; FIFO and RR only. */
  readonly priority: number;
  /** DEADLINE only: 1,024 ns ≤ runtime ≤ deadline ≤ period. */
  readonly runtimeNs: number;
  readonly deadlineNs: number;
  readonly periodNs: number;
}

/** What a thread has that nobody has touched. */
export const ordinaryAttributes: SchedulingAttributes = {
  policy: schedPolicies.NORMAL,
  flags: 0,
  nice: 0,
  priority: 0,
  runtimeNs: 0,
  deadlineNs: 0,
  periodNs: 0,
};

const names = new Map<number, string>(Object.entries(schedPolicies).map(([name, number]) => [number, name]));

/** 2 → "SCHED_RR". */
export function schedPolicyName(policy: number): string {
  const name = names.get(policy);
  return name === undefined ? `policy ${policy}` : `SCHED_${name}`;
}
