import { resetOnFork, type SchedulingAttributes, schedPolicies } from "./attributes.js";
import { trySetSchedAttributes } from "./sched-calls.js";

/** The smallest runtime that the kernel accepts (DL_SCALE, kernel/sched/deadline.c). */
export const smallestRuntimeNs = 1024;
const longestPeriodNs = 4_000_000_000; // kernel.sched_deadline_period_max_us, by default 4 s

/** So little that its share, which the kernel keeps in units of 2^-20 CPU, is 0. */
const nothing: SchedulingAttributes = {
  policy: schedPolicies.DEADLINE,
  flags: resetOnFork,
  nice: 0,
  priority: 0,
  runtimeNs: smallestRuntimeNs,
  deadlineNs: longestPeriodNs,
  periodNs: longestPeriodNs,
};

/**
 * Takes a thread out of SCHED_DEADLINE. A direct change to another class leaks the bandwidth of a sleeping thread
 * for the whole machine (seen on Linux 6.18, 36 of 36: the next user gets EBUSY); so it first becomes a deadline
 * thread that is worth nothing. Returns 0 or the errno of the last step.
 */
export function tryLeaveDeadline(tid: number, next: SchedulingAttributes): number {
  trySetSchedAttributes(tid, nothing); // refused (EPERM, ESRCH): the next call says so
  return trySetSchedAttributes(tid, next);
}
