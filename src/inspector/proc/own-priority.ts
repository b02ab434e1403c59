import {
  getSchedAttributes,
  ordinaryAttributes,
  resetOnFork,
  type SchedulingAttributes,
  trySetSchedAttributes,
} from "../../../runtime/kernel/index.js";

// The thread's priority is one thing, however many inspectors run on it.
let holders = 0;
let original: SchedulingAttributes | undefined;

/**
 * Puts this thread before all ordinary threads: the workload's may be given nice −20, and a newborn would wait for its
 * attributes behind them. Programs that this thread starts do not inherit it. Returns what gives it back.
 */
export function raiseOwnPriority(): () => void {
  holders += 1;
  if (holders === 1) {
    original = getSchedAttributes(0);
    trySetSchedAttributes(0, { ...ordinaryAttributes, nice: -20, flags: resetOnFork }); // refused: we are slower, no more
  }
  let isLowered = false;
  return () => {
    if (isLowered) return;
    isLowered = true;
    holders -= 1;
    if (holders === 0 && original !== undefined) trySetSchedAttributes(0, { ...original, runtimeNs: 0 });
  };
}
