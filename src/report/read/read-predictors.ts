import { type RecordedDecision, readDecisions } from "../../record/index.js";
import { explain, type KnownRun } from "../../replay/index.js";
import { messageOf } from "../../util/index.js";
import type { ReportPredictors } from "../data/index.js";
import type { RecordedRun } from "./recorded-runs.js";

/** Of traces that are read for it, in bytes: about 10 s at 25 MB/s, three times over. */
const mostBytes = 96 << 20;

const mostPredictors = 10;

/** What goes with failing, over the runs whose traces fit the budget. `onNote` hears of traces that cannot be read. */
export function readPredictors(
  runs: readonly RecordedRun[],
  recordedRuns: number,
  onNote: (text: string) => void,
): ReportPredictors {
  const chosen = withinBudget(runs);
  const nothing = { runs: 0, failed: 0, recordedRuns, found: 0, asked: 0, list: [] };
  if (chosen.length === 0) return { outcome: "no-traces", ...nothing };
  const known: readonly KnownRun[] = chosen.map(({ outcome, traceFile }) => ({
    failed: outcome === "fail",
    decisions: () => readableDecisions(traceFile),
  }));
  try {
    const {
      outcome,
      runs: compared,
      failed,
      found,
      asked,
      predictors,
    } = explain(known, { top: mostPredictors });
    return {
      ...{ outcome, runs: compared, failed, recordedRuns, found, asked },
      list: predictors.map(({ kind, words, events, runs: table, qValue, alwaysWith, alwaysWithCount }) => ({
        ...{ kind, words, events, ...table, qValue, alwaysWith, alwaysWithCount },
      })),
    };
  } catch (error) {
    onNote(`what predicts failure is not known: ${messageOf(error)}`);
    return { outcome: "no-traces", ...nothing };
  }
}

/** Failed and passed in turn, so that what has room is balanced. */
function withinBudget(runs: readonly RecordedRun[]): readonly RecordedRun[] {
  const failed = runs.filter(({ outcome }) => outcome === "fail");
  const passed = runs.filter(({ outcome }) => outcome === "pass");
  const chosen: RecordedRun[] = [];
  let bytes = 0;
  for (let index = 0; index < Math.max(failed.length, passed.length); index++) {
    for (const run of [failed[index], passed[index]]) {
      if (run === undefined || bytes + run.traceBytes > mostBytes) continue;
      bytes += run.traceBytes;
      chosen.push(run);
    }
  }
  return chosen.sort((a, b) => a.run - b.run);
}

/** A trace, as far as it can be read: what stands before a damaged line is right. */
export function* readableDecisions(traceFile: string): Generator<RecordedDecision> {
  const decisions = readDecisions(traceFile);
  for (;;) {
    let next: IteratorResult<RecordedDecision>;
    try {
      next = decisions.next();
    } catch {
      return;
    }
    if (next.done === true) return;
    yield next.value;
  }
}
