import {
  getSchedAttributes,
  ordinaryAttributes,
  type SchedulingAttributes,
  schedPolicies,
  threadsOfProcess,
  tryBecomeUrgent,
  trySetSchedAttributes,
} from "../../../runtime/kernel/index.js";

// The process's priority is one thing, however many inspectors run in it.
let holders = 0;
const originals = new Map<number, SchedulingAttributes>();

/**
 * Puts this process before the threads that it shakes, or a newborn waits for its attributes behind those that were
 * given nice −20: the main thread, which decides, real-time, and the others before all ordinary threads. They are in it
 * because the main thread waits for V8's helpers at each garbage collection; where the workload may be real-time
 * (`isAgainstRealtime`), they must be too. Programs started from here inherit nothing. Returns what gives it back.
 */
export function raiseOwnPriority(isAgainstRealtime: boolean): () => void {
  holders += 1;
  for (const tid of threadsOfProcess(process.pid)) {
    if (!originals.has(tid)) raise(tid, tid === process.pid || isAgainstRealtime ? "realtime" : "nice");
  }
  let isLowered = false;
  return () => {
    if (isLowered) return;
    isLowered = true;
    holders -= 1;
    if (holders > 0) return;
    for (const [tid, original] of originals) trySetSchedAttributes(tid, original);
    originals.clear();
  };
}

function raise(tid: number, wanted: "realtime" | "nice"): void {
  const now = getSchedAttributes(tid);
  // Whoever has chosen another class knows better; the process events' worker has.
  if (now === undefined || now.policy !== schedPolicies.NORMAL) return;
  originals.set(tid, { ...ordinaryAttributes, nice: now.nice, flags: now.flags });
  tryBecomeUrgent(tid, wanted);
}
