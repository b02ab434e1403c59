import { setTimeout as sleep } from "node:timers/promises";
import { isSupervised, listJournals } from "../../journal/index.js";
import { readRunLog } from "./run-log.js";

const waitMs = 10_000;
const pollMs = 50;

/**
 * What the supervisor of a run whose workload has ended said when nobody listened. Its summary comes some milliseconds after
 * the workload's last output, so a run that is still being undone is waited for.
 */
export async function lastWords(runId: string): Promise<readonly string[]> {
  const deadline = performance.now() + waitMs;
  while (isSupervisedRun(runId) && performance.now() < deadline) await sleep(pollMs);
  return readRunLog(runId);
}

/** The process that supervises the run lives. */
export function isSupervisedRun(runId: string): boolean {
  return listJournals().some(({ content }) => content?.runId === runId && isSupervised(content));
}
