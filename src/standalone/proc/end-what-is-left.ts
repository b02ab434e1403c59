import type { ProcInspector } from "../../inspector/index.js";

/** A process that forks faster than it is killed is left to whoever started it. */
const mostRounds = 10;

/**
 * Kills what a command has left running: its process group alone would miss daemons, which have made sessions of their
 * own. The inspector has followed them all.
 */
export function endWhatIsLeft(inspector: Pick<ProcInspector, "livingThreads">): void {
  for (let round = 0; round < mostRounds; round++) {
    const left = inspector.livingThreads();
    if (left.length === 0) return;
    for (const tid of left) {
      try {
        process.kill(tid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
  }
}
