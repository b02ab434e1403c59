import { readFileSync } from "node:fs";

/**
 * When a process started, in clock ticks since boot (field 22 of /proc/<pid>/stat), or undefined when it has ended, even
 * if nobody has waited for it yet: in a container whose first process does not, it stays a zombie for ever. Pid and
 * start time together name a process for good; a pid alone is reused. A thread's id gives the thread's own.
 */
export function processStartTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return hasEnded(stat) ? undefined : parseStartTicks(stat);
  } catch {
    return undefined;
  }
}

/** Field 22 of a /proc/<pid>/stat line. The name (field 2) may hold blanks and parentheses: count from the last one. */
export function parseStartTicks(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
}

/** Field 3: Z is a zombie, X is dead. */
function hasEnded(stat: string): boolean {
  return /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}
