import { processStartTicks } from "./process-start.js";
import { walkProcessTree } from "./process-tree.js";

/** Kills a process and all that descend from it. Nothing happens when it has ended, or its pid is another's by now. */
export function endProcessTree({
  pid,
  startTicks,
}: {
  readonly pid: number;
  readonly startTicks: number;
}): void {
  if (processStartTicks(pid) !== startTicks) return;
  for (const one of walkProcessTree([pid]).pids) {
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}
