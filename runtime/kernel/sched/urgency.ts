import { readFileSync } from "node:fs";
import { ordinaryAttributes, resetOnFork, type SchedulingAttributes, schedPolicies } from "./attributes.js";
import { trySetSchedAttributes } from "./sched-calls.js";

/** Before every ordinary thread. */
const beforeOrdinary: SchedulingAttributes = { ...ordinaryAttributes, nice: -20, flags: resetOnFork };

/** Before every ordinary thread of every group, and before real-time threads of low priority. */
const beforeRealtime: SchedulingAttributes = {
  ...ordinaryAttributes,
  policy: schedPolicies.FIFO,
  priority: 20,
  flags: resetOnFork,
};

export type Urgency = "realtime" | "nice" | "none";

/**
 * Puts a thread of this process (0: the calling one) before the threads that are being shaken. What it starts does not
 * inherit it. Nice −20 alone counts only within one session (autogroups) or cgroup: on a machine with four busy
 * programs beside it a thread waited 20–60 ms for its turn, as SCHED_FIFO under 1 ms. The kernel leaves ordinary
 * threads 5 % of each CPU even if such a thread never sleeps; where that is switched off, "realtime" is not taken.
 */
export function tryBecomeUrgent(tid: number, wanted: "realtime" | "nice"): Urgency {
  if (wanted === "realtime" && isRealtimeLimited() && trySetSchedAttributes(tid, beforeRealtime) === 0) {
    return "realtime";
  }
  return trySetSchedAttributes(tid, beforeOrdinary) === 0 ? "nice" : "none";
}

function isRealtimeLimited(): boolean {
  try {
    return Number(readFileSync("/proc/sys/kernel/sched_rt_runtime_us", "latin1")) > 0;
  } catch {
    return false;
  }
}
