import { readFileSync } from "node:fs";

/**
 * Whether a SCHED_DEADLINE thread has used up its runtime and waits for the next one. Undefined when the kernel does not
 * say (no /proc/TID/sched), the thread is gone or of another class.
 *
 * It matters because a thread that leaves SCHED_DEADLINE in that state keeps the mark of it, but not the timer that would
 * lift it (seen on Linux 6.18, 14 of 16): given SCHED_DEADLINE again it never runs again, not even to be killed.
 */
export function isThrottled(tid: number): boolean | undefined {
  try {
    const runtime = /^dl\.runtime\s*:\s*(-?\d+)/m.exec(readFileSync(`/proc/${tid}/sched`, "latin1"))?.[1];
    return runtime === undefined ? undefined : Number(runtime) < 0; // 0: it has slept since it came
  } catch {
    return undefined;
  }
}
