import type { ReportFailure, ReportPredictors } from "../data/index.js";
import { type PackedTimelines, packTimelines, type TimelineRun } from "../timeline/index.js";
import { readableDecisions } from "./read-predictors.js";
import type { RecordedRun } from "./recorded-runs.js";

/** Of failing runs, each of another failure; the page lets choose. */
const mostFailing = 3;

/** A run of each of the most frequent failures, and a passing one that is about as long as the first of these. */
export function readTimelines(
  runs: readonly RecordedRun[],
  failures: readonly ReportFailure[],
  predictors: ReportPredictors,
  onNote: (text: string) => void,
): PackedTimelines {
  const failed = runs.filter(({ outcome }) => outcome === "fail");
  const chosen: { readonly run: RecordedRun; readonly title: string }[] = [];
  for (const { id, title } of failures) {
    const isNew = (run: RecordedRun) => !chosen.some((each) => each.run === run);
    const run = failed.find((each) => each.signatures.includes(id) && isNew(each));
    if (run !== undefined && chosen.length < mostFailing) chosen.push({ run, title });
  }
  const wantedBytes = chosen[0]?.run.traceBytes ?? 0;
  const passing = runs
    .filter(({ outcome }) => outcome === "pass")
    .sort((a, b) => Math.abs(a.traceBytes - wantedBytes) - Math.abs(b.traceBytes - wantedBytes))[0];
  const all = [...chosen, ...(passing === undefined ? [] : [{ run: passing, title: "" }])];
  const timelines = packTimelines(
    all.map(({ run, title }) => timelineRun(run, title)),
    predictors.list.map(({ events }) => events),
  );
  const empty = timelines.timelines.filter(({ events }) => events === 0);
  for (const { run } of empty) onNote(`the trace of run ${run} has no event that can be read`);
  return { ...timelines, timelines: timelines.timelines.filter(({ events }) => events > 0) };
}

function timelineRun({ run, outcome, traceFile }: RecordedRun, title: string): TimelineRun {
  return { run, outcome, title, decisions: () => readableDecisions(traceFile) };
}
