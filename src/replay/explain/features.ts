import type { EventRow, EventTable } from "./event-table.js";

/** Something that may be so in a run, or not. */
export type Feature =
  | { readonly kind: "delay"; readonly row: EventRow; readonly atLeastMs: number }
  | { readonly kind: "mark"; readonly row: EventRow; readonly mark: string }
  | { readonly kind: "order"; readonly row: EventRow; readonly before: EventRow };

export const absent = 0;
const isNot = 1;
export const is = 2;

// More thresholds are more questions, and each question makes all answers a little less sure.
const quantiles = [0.25, 0.5, 0.75];

// Pairs of neighbours in time, so that their number does not grow with the square of the events'.
const mostPairs = 20_000;

// Sweeps come by the clock and log lines only inform: what they precede says nothing of a schedule.
const orderedEvents = new Set(["PacketEvent", "FilesystemEvent", "JavaFunctionEvent"]);

// The kernel's own words, sent when it likes: the 7th of one run is not the 7th of another.
const isBareAck = (hint: string) => hint.startsWith("tcp:") && hint.endsWith(":ack");

/** All that is asked of the runs; `leastRuns` is in how many an event must have come. What was done on purpose precedes what came of it. */
export function* featuresOf(table: EventTable, leastRuns: number): Generator<Feature> {
  const rows = [...table.rows].filter(({ count }) => count >= leastRuns);
  for (const row of rows) for (const mark of row.marks.keys()) yield { kind: "mark", row, mark };
  for (const row of rows) {
    for (const atLeastMs of thresholds(row)) yield { kind: "delay", row, atLeastMs };
  }
  yield* orders(rows.filter(({ event, hint }) => orderedEvents.has(event) && !isBareAck(hint)));
}

/** By run `absent`, `is` or `isNot`. */
export function cellsOf(feature: Feature, runs: number): Uint8Array {
  const cells = new Uint8Array(runs);
  const { ranks } = feature.row;
  for (let run = 0; run < runs; run++) {
    if (ranks[run] === 0) continue;
    if (feature.kind === "order" && feature.before.ranks[run] === 0) continue;
    cells[run] = isSo(feature, run) ? is : isNot;
  }
  return cells;
}

function isSo(feature: Feature, run: number): boolean {
  switch (feature.kind) {
    case "delay":
      return feature.row.delays[run]! >= feature.atLeastMs;
    case "mark":
      return feature.row.marks.get(feature.mark)![run] === 1;
    case "order":
      return feature.row.ranks[run]! < feature.before.ranks[run]!;
  }
}

/** Held at all, and held longer than a quarter, half and three quarters of the times. */
function thresholds({ delays, ranks }: EventRow): Iterable<number> {
  const sorted = delays.filter((_, run) => ranks[run] !== 0).sort();
  const least = sorted[0]!;
  const found = new Set<number>();
  if (least === 0) {
    const held = sorted.find((delay) => delay > 0);
    if (held !== undefined) found.add(held);
  }
  for (const quantile of quantiles) {
    const index = Math.floor(quantile * sorted.length);
    if (sorted[index]! > least) found.add(between(sorted, index));
  }
  return found;
}

/** The roundest number that parts the delays where this one does. */
function between(sorted: Float32Array, index: number): number {
  const high = sorted[index]!;
  const low = sorted.findLast((delay) => delay < high)!;
  for (let digits = 1; digits < 8; digits++) {
    const round = Number(((low + high) / 2).toPrecision(digits));
    if (round > low && round <= high) return round;
  }
  return high;
}

function* orders(rows: readonly EventRow[]): Generator<Feature> {
  const meanRank = ({ ranks, count }: EventRow) => ranks.reduce((sum, rank) => sum + rank, 0) / count;
  const inTime = rows
    .map((row) => ({ row, at: meanRank(row) }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
  const neighbours = Math.max(1, Math.floor(mostPairs / Math.max(1, inTime.length)));
  for (const [index, row] of inTime.entries()) {
    for (const before of inTime.slice(index + 1, index + 1 + neighbours))
      yield { kind: "order", row, before };
  }
}
