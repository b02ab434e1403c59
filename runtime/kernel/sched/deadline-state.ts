import { readFileSync } from "node:fs";

/** Where a SCHED_DEADLINE thread stands. */
export interface DeadlineState {
  /** What is left of its runtime, in ns. */
  readonly runtimeNs: number;
  /** In ns of the scheduler's own clock. With each new runtime comes a new one. */
  readonly deadlineNs: number;
}

/** Undefined when the kernel does not say (no /proc/TID/sched), the thread is gone or of another class. */
export function deadlineState(tid: number): DeadlineState | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${tid}/sched`, "latin1");
  } catch {
    return undefined;
  }
  const runtime = /^dl\.runtime\s*:\s*(-?\d+)/m.exec(text)?.[1];
  const deadline = /^dl\.deadline\s*:\s*(-?\d+)/m.exec(text)?.[1];
  if (runtime === undefined || deadline === undefined) return undefined;
  return { runtimeNs: Number(runtime), deadlineNs: Number(deadline) };
}

/**
 * Whether a SCHED_DEADLINE thread has used up its runtime and waits for the next one.
 *
 * It matters because a thread that leaves SCHED_DEADLINE in that state keeps the mark of it, but not the timer that would
 * lift it (seen on Linux 6.18, 14 of 16): given SCHED_DEADLINE again it never runs again, not even to be killed.
 */
export function hasNoRuntime({ runtimeNs }: DeadlineState): boolean {
  return runtimeNs < 0; // 0: it has slept since it came
}
