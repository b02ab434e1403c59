import { processStartTicks } from "./process-start.js";
import { walkProcessTree } from "./process-tree.js";

/** Ends a process and all that descend from it, by SIGKILL if nothing else is asked for. Nothing happens when it has ended, or its pid is another's by now. */
export function endProcessTree(
  { pid, startTicks }: { readonly pid: number; readonly startTicks: number },
  signal: "SIGTERM" | "SIGKILL" = "SIGKILL",
): void {
  if (processStartTicks(pid) !== startTicks) return;
  for (const one of walkProcessTree([pid]).pids) {
    try {
      process.kill(one, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
