import { namesOfProcess, processOfThread, processStartTicks } from "../../../runtime/kernel/index.js";
import { nameMatcher } from "../../util/index.js";

/** A living process; pid and start together name it for good. */
export interface ChosenProcess {
  readonly pid: number;
  readonly startTicks: number;
}

/**
 * The process among those of `threadIds` whose name (or first argument's program) matches `pattern`, `*` being any
 * characters. Of several, the one at `place` (0 up to 1) in the order in which they started, which a repeated run has in
 * common with the first; pids it has not.
 */
export function chooseProcess(
  threadIds: readonly number[],
  pattern: string,
  place: number,
): ChosenProcess | undefined {
  const matches = nameMatcher(pattern);
  const seen = new Set<number>();
  const found: ChosenProcess[] = [];
  for (const tid of threadIds) {
    const pid = processOfThread(tid);
    if (pid === undefined || pid === process.pid || seen.has(pid)) continue;
    seen.add(pid);
    if (!namesOfProcess(pid).some(matches)) continue;
    const startTicks = processStartTicks(pid);
    if (startTicks !== undefined) found.push({ pid, startTicks });
  }
  found.sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid);
  return found[Math.floor(place * found.length)];
}

export function isAlive({ pid, startTicks }: ChosenProcess): boolean {
  return processStartTicks(pid) === startTicks;
}
