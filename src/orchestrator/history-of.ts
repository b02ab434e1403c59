import type { EarlierRun } from "../policy/index.js";
import { listRuns, readDecisions } from "../record/index.js";
import { messageOf } from "../util/index.js";

/**
 * The runs in an `--nmz-out` folder that have ended, oldest first, as a policy sees them. Nothing is read before it asks, and
 * what cannot be read is said once.
 */
export function historyOf(
  outDir: string | undefined,
  onWarning: (line: string) => void,
): () => readonly EarlierRun[] {
  let history: readonly EarlierRun[] | undefined;
  return () => {
    history ??= outDir === undefined ? [] : readHistory(outDir, onWarning);
    return history;
  };
}

function readHistory(outDir: string, onWarning: (line: string) => void): EarlierRun[] {
  const unread: unknown[] = [];
  const runs = listRuns(outDir, (error) => unread.push(error)).flatMap(({ result, traceFile }) => {
    if (result === undefined) return []; // it runs still, or was killed
    const { runId: run, seed, command, exitCode, endedAt } = result;
    const decisions = () => readDecisions(traceFile);
    return [{ run, seed, command, exitCode, failed: exitCode !== 0, endedAt, decisions }];
  });
  if (unread.length > 0) {
    onWarning(
      `the policy sees ${runs.length} earlier runs, and not ${unread.length} more: ${messageOf(unread[0])}`,
    );
  }
  return runs;
}
