import type { RecordedDecision } from "../../record/index.js";
import { type Contingency, fisherExact } from "../../statistics/index.js";
import { EventTable } from "./event-table.js";
import { wordsFor } from "./feature-words.js";
import { type Feature, featuresOf } from "./features.js";
import { keyedByPlace } from "./keyed-by-place.js";
import { type RankedGroup, rankFeatures } from "./rank-features.js";

/** A recorded run and how it ended. */
export interface KnownRun {
  readonly failed: boolean;
  /** In the order of the trace; asked for several times. */
  readonly decisions: () => Iterable<RecordedDecision>;
}

export interface ExplainOptions {
  /** How many predictors are wanted. Default 10. */
  readonly top?: number;
  /** The share of false ones among the predictors that is put up with. Default 0.05. */
  readonly maxFalse?: number;
  /** Events times runs that are kept in memory, 8 bytes each. Default 20 million. */
  readonly maxCells?: number;
  readonly onRunRead?: (read: number) => void;
}

export interface Predictor {
  readonly kind: "delay" | "fault" | "threads" | "order";
  readonly words: string;
  /** What it is about: one event, or the two of an order, the earlier first. */
  readonly events: readonly { readonly entity: string; readonly hint: string; readonly n: number }[];
  /** Among the runs in which the events came at all. */
  readonly runs: Contingency;
  readonly pValue: number;
  readonly qValue: number;
  readonly ochiai: number;
  /** Some of what is the same in all runs, in words, and how many there are. */
  readonly alwaysWith: readonly string[];
  readonly alwaysWithCount: number;
}

export interface Explanation {
  /** "no-failure", "no-success": nothing to compare with. "too-few": even what is in all failures and in no other run could be chance. */
  readonly outcome: "predictors" | "nothing" | "no-failure" | "no-success" | "too-few";
  readonly runs: number;
  readonly failed: number;
  /** The surest first, at most `top`. */
  readonly predictors: readonly Predictor[];
  /** How many there are, named or not. */
  readonly found: number;
  /** Different events, and questions asked of them. */
  readonly events: number;
  readonly asked: number;
  /** Events for which there was no memory. */
  readonly leftOut: number;
}

// In so many of the runs, and at least in six of them, an event must have come.
const leastShare = 0.2;
const leastRuns = 6;

/** What predicts that a run fails. Throws what `decisions` throws. */
export function explain(known: readonly KnownRun[], options: ExplainOptions = {}): Explanation {
  const { top = 10, maxFalse = 0.05, maxCells, onRunRead = () => {} } = options;
  const failed = known.map((run) => run.failed);
  const failures = failed.filter(Boolean).length;
  const counts = { runs: known.length, failed: failures };
  const nothing = { ...counts, predictors: [], found: 0, events: 0, asked: 0, leftOut: 0 };
  if (failures === 0) return { outcome: "no-failure", ...nothing };
  if (failures === known.length) return { outcome: "no-success", ...nothing };
  if (leastPossible(failures, known.length) > maxFalse) return { outcome: "too-few", ...nothing };

  const runs = keyedByPlace(known);
  const table = new EventTable(runs.length, maxCells);
  for (const [index, run] of runs.entries()) {
    table.startRun(index);
    for (const decision of run.decisions()) table.add(index, decision);
    onRunRead(index + 1);
  }
  const least = Math.max(leastRuns, Math.ceil(runs.length * leastShare));
  const { groups, asked } = rankFeatures(featuresOf(table, least), failed, maxFalse);
  const found = eachEventOnce(groups.filter(({ qValue }) => qValue <= maxFalse));
  const shown = found.slice(0, top);
  const inWords = wordsFor(
    shown.flatMap(({ feature, more }) => [feature, ...more.map((each) => each.feature)]),
    runs,
  );
  return {
    outcome: found.length === 0 ? "nothing" : "predictors",
    ...counts,
    predictors: shown.map((group) => predictorOf(group, inWords)),
    found: found.length,
    events: table.size,
    asked,
    leftOut: table.leftOut,
  };
}

/** The p-value of what is in all failures and in no other run. */
function leastPossible(failures: number, runs: number): number {
  return fisherExact({
    withFailed: failures,
    withPassed: 0,
    withoutFailed: 0,
    withoutPassed: runs - failures,
  });
}

/** Of several thresholds for the delay of one event, the best. */
function eachEventOnce(groups: readonly RankedGroup[]): readonly RankedGroup[] {
  const seen = new Set<string>();
  return groups.filter(({ feature }) => {
    if (feature.kind !== "delay") return true;
    const isNew = !seen.has(feature.row.key);
    seen.add(feature.row.key);
    return isNew;
  });
}

function predictorOf(
  { feature, holds, more, moreCount, table, pValue, qValue, ochiai }: RankedGroup,
  inWords: (feature: Feature, holds: boolean) => string,
): Predictor {
  const rows = feature.kind === "order" ? [feature.row, feature.before] : [feature.row];
  return {
    kind: kindOf(feature),
    words: inWords(feature, holds),
    events: (holds ? rows : rows.reverse()).map(({ entity, hint, n }) => ({ entity, hint, n })),
    runs: table,
    ...{ pValue, qValue, ochiai },
    alwaysWith: more.map((each) => inWords(each.feature, holds !== each.isOpposite)),
    alwaysWithCount: moreCount,
  };
}

function kindOf(feature: Feature): Predictor["kind"] {
  if (feature.kind !== "mark") return feature.kind;
  return feature.mark.startsWith("fault ") ? "fault" : "threads";
}
