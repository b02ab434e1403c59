import type { RecordedDecision } from "../../record/index.js";
import type { SchedAttributes } from "../../signal/index.js";
import { formatDurationMs } from "../../util/index.js";
import { eventWords, HumanOrdinals, schedulingWords } from "../words/index.js";
import type { EventRow } from "./event-table.js";
import type { Feature } from "./features.js";

interface Readable {
  readonly failed: boolean;
  readonly decisions: () => Iterable<RecordedDecision>;
}

/**
 * Words for these features. Events are counted as people would count them in one run, a failed one if possible: the
 * run in which most of them came, and for the rest the next.
 */
export function wordsFor(
  features: readonly Feature[],
  runs: readonly Readable[],
): (feature: Feature, holds: boolean) => string {
  const namesEntity = new Set(features.flatMap(rowsOf).map(({ entity }) => entity)).size > 1;
  const words = new Map<Feature, readonly string[]>();
  let left = features;
  while (left.length > 0) {
    const run = bestRun(left, runs);
    const covered = left.filter((feature) => comesIn(feature, run));
    const rows = new Map(covered.flatMap(rowsOf).map((row) => [row.key, row]));
    const decisions = new Map<string, RecordedDecision>();
    for (const decision of runs[run]!.decisions()) {
      const key = `${decision.n}|${decision.entity}|${decision.hint}`;
      if (rows.has(key) && !decisions.has(key)) decisions.set(key, decision);
    }
    const ordinals = new HumanOrdinals(runs[run]!.decisions(), [...decisions.values()]);
    for (const feature of covered) {
      const named = rowsOf(feature).map(({ key }) =>
        eventWords(decisions.get(key)!, { ordinals, namesEntity }),
      );
      words.set(feature, named);
    }
    left = left.filter((feature) => !words.has(feature));
  }
  return (feature, holds) => sentence(feature, words.get(feature)!, holds);
}

function rowsOf(feature: Feature): readonly EventRow[] {
  return feature.kind === "order" ? [feature.row, feature.before] : [feature.row];
}

function comesIn(feature: Feature, run: number): boolean {
  return rowsOf(feature).every(({ ranks }) => ranks[run] !== 0);
}

/** Each feature comes in some run, or it would not have been found. */
function bestRun(features: readonly Feature[], runs: readonly Readable[]): number {
  let best = { run: 0, score: -1 };
  for (const [run, { failed }] of runs.entries()) {
    const score = features.filter((feature) => comesIn(feature, run)).length;
    const isBetter = score > best.score || (score === best.score && failed && !runs[best.run]!.failed);
    if (isBetter) best = { run, score };
  }
  return best.run;
}

function sentence(feature: Feature, events: readonly string[], holds: boolean): string {
  const [event, other] = events;
  if (feature.kind === "order") return holds ? `${event} before ${other}` : `${other} before ${event}`;
  if (feature.kind === "delay") return `${event} ${delayWords(feature.row, feature.atLeastMs, holds)}`;
  const fault = /^fault (.*)$/.exec(feature.mark)?.[1];
  if (fault !== undefined) return `${event} ${holds ? "met" : "did not meet"} the fault ${fault}`;
  return `${threadWords(feature.mark, holds)} at ${event}`;
}

function delayWords({ delays, ranks }: EventRow, atLeastMs: number, holds: boolean): string {
  const isBelow = (delay: number, run: number) => ranks[run] !== 0 && delay < atLeastMs;
  // What is held or not held at all needs no number.
  if (!delays.some((delay, run) => isBelow(delay, run) && delay > 0))
    return holds ? "held up" : "not held up";
  const limit = formatDurationMs(Number(atLeastMs.toPrecision(7)));
  return holds ? `late by ${limit} or more` : `late by less than ${limit}`;
}

const noAttributes: SchedAttributes = {
  ...{ Policy: 0, Flags: 0, Nice: 0, Priority: 0 },
  ...{ Runtime: 0, Deadline: 0, Period: 0 },
};

function threadWords(mark: string, holds: boolean): string {
  const [, thread, policy, sign] = /^(thread \d+ of \d+): (\d+) (.)$/.exec(mark)!;
  const nice = sign === "+" ? 1 : sign === "-" ? -1 : 0;
  const attributes = { ...noAttributes, Policy: Number(policy) };
  const urgency = nice === 0 ? "" : nice > 0 ? " with nice above 0" : " with nice below 0";
  return `${thread} ${holds ? "" : "not "}scheduled ${schedulingWords(attributes)}${urgency}`;
}
