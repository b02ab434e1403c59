import { readFileSync } from "node:fs";

/**
 * When a process started, in clock ticks since boot (field 22 of /proc/<pid>/stat), or undefined when it is gone. Pid
 * and start time together name a process for good; a pid alone is reused.
 */
export function processStartTicks(pid: number): number | undefined {
  try {
    return parseStartTicks(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

/** Field 22 of a /proc/<pid>/stat line. The name (field 2) may hold blanks and parentheses: count from the last one. */
export function parseStartTicks(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
}
