import { deflateRawSync } from "node:zlib";
import type { RecordedDecision } from "../../record/index.js";
import { LaneTable, lanesOf } from "./event-lanes.js";
import { doneWords, whatWords } from "./event-words.js";
import {
  bytesOf,
  faultFlag,
  heldFlag,
  lostFlag,
  noLane,
  type PackedTimeline,
  type PackedTimelines,
  scheduledFlag,
  type TimelineColumns,
} from "./timeline-format.js";

/** A recorded run that is to be drawn. */
export interface TimelineRun {
  readonly run: number;
  readonly outcome: "fail" | "pass";
  readonly title: string;
  /** In the order of the trace; asked for once. */
  readonly decisions: () => Iterable<RecordedDecision>;
}

/** An event as a trace names it. */
export interface MarkedEvent {
  readonly entity: string;
  readonly hint: string;
  readonly n: number;
}

/** Of each run; a page with four of these still opens at once. */
export const mostEvents = 100_000;

// Of different texts; what comes later is named by its class alone.
const mostWords = 50_000;

/** `marked`: events that are to be found again, in groups. Throws what `decisions` throws. */
export function packTimelines(
  runs: readonly TimelineRun[],
  marked: readonly (readonly MarkedEvent[])[] = [],
  limit = mostEvents,
): PackedTimelines {
  const table = new LaneTable();
  const keys = marked.map((group) => group.map(keyOf));
  const read = runs.map((run) => readEvents(run, new Set(keys.flat()), limit, table));
  const { lanes, laneOf } = table.lanes();
  return { lanes, timelines: read.map((events, index) => pack(runs[index]!, events, laneOf, keys)) };
}

/** A run's events as they were read: places are not lanes yet. */
interface ReadEvents {
  readonly columns: TimelineColumns;
  readonly places: Uint32Array;
  readonly otherPlaces: Uint32Array;
  readonly arrivedMs: Float64Array;
  readonly atMs: Float64Array;
  readonly words: readonly string[];
  /** By key, of the events that are looked for. */
  readonly found: ReadonlyMap<string, number>;
  readonly kept: number;
  readonly events: number;
}

const noPlace = 0xffff_ffff;

function readEvents(
  run: TimelineRun,
  wanted: ReadonlySet<string>,
  limit: number,
  table: LaneTable,
): ReadEvents {
  const words = new WordTable();
  const columns = emptyColumns(limit);
  const [places, otherPlaces] = [new Uint32Array(limit), new Uint32Array(limit)];
  const [arrivedMs, atMs] = [new Float64Array(limit), new Float64Array(limit)];
  const found = new Map<string, number>();
  let events = 0;
  for (const decision of run.decisions()) {
    const index = events++;
    if (index >= limit) continue;
    const { kind, name, otherName } = lanesOf(decision);
    places[index] = table.idOf(kind, name);
    otherPlaces[index] = otherName === undefined ? noPlace : table.idOf(kind, otherName);
    arrivedMs[index] = Math.max(0, decision.arrivedMs);
    atMs[index] = Math.max(0, decision.arrivedMs, decision.atMs);
    columns.what[index] = words.indexOf(whatWords(decision), decision.event);
    columns.done[index] = words.indexOf(doneWords(decision), "faulted");
    columns.flags[index] = flagsOf(decision);
    if (wanted.size > 0 && wanted.has(keyOf(decision))) found.set(keyOf(decision), index);
  }
  const kept = Math.min(events, limit);
  return { columns, places, otherPlaces, arrivedMs, atMs, words: words.list, found, kept, events };
}

function keyOf({ entity, hint, n }: MarkedEvent): string {
  return `${n}|${entity}|${hint}`;
}

function flagsOf({ delayMs, fault, attributes }: RecordedDecision): number {
  return (
    (delayMs > 0 ? heldFlag : 0) |
    (fault === undefined ? 0 : faultFlag) |
    (attributes === undefined ? 0 : scheduledFlag) |
    (fault?.kind === "drop" || fault?.kind === "reject" ? lostFlag : 0)
  );
}

function pack(
  run: TimelineRun,
  read: ReadEvents,
  laneOf: Uint16Array,
  keys: readonly (readonly string[])[],
): PackedTimeline {
  const { columns, places, otherPlaces, arrivedMs, atMs, kept, events, words, found } = read;
  const firstMs = kept === 0 ? 0 : arrivedMs.subarray(0, kept).reduce((first, each) => Math.min(first, each));
  const lastMs = atMs.reduce((last, each) => Math.max(last, each - firstMs), 0);
  // A run of more than 71 minutes does not fit into 32 bits of microseconds.
  const unitUs = Math.max(1, Math.ceil((lastMs * 1000) / 0xffff_ffff));
  const unit = (milliseconds: number) => Math.round((milliseconds * 1000) / unitUs);
  for (let each = 0; each < kept; each++) {
    columns.arrived[each] = unit(arrivedMs[each]! - firstMs);
    columns.held[each] = unit(atMs[each]! - firstMs) - columns.arrived[each]!;
    columns.lane[each] = laneOf[places[each]!]!;
    columns.otherLane[each] = otherPlaces[each] === noPlace ? noLane : laneOf[otherPlaces[each]!]!;
  }
  const order = orderOfArrival(columns.arrived, kept);
  const placeOf = new Uint32Array(kept);
  order.forEach((from, to) => {
    placeOf[from] = to;
  });
  const marks = keys.map((group) =>
    group.flatMap((key) => (found.has(key) ? [placeOf[found.get(key)!]!] : [])),
  );
  return {
    ...{ run: run.run, outcome: run.outcome, title: run.title },
    ...{ events: kept, leftOut: events - kept, firstMs, unitUs, endUnits: unit(lastMs), words },
    marks,
    columns: deflateRawSync(bytesOf(inOrder(columns, order))).toString("base64"),
  };
}

class WordTable {
  readonly list: string[] = [""];
  readonly #indexes = new Map<string, number>([["", 0]]);

  indexOf(text: string, otherwise: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    if (this.list.length >= mostWords && text !== otherwise) return this.indexOf(otherwise, otherwise);
    const index = this.list.push(text) - 1;
    this.#indexes.set(text, index);
    return index;
  }
}

function emptyColumns(events: number): TimelineColumns {
  return {
    arrived: new Uint32Array(events),
    held: new Uint32Array(events),
    what: new Uint32Array(events),
    done: new Uint32Array(events),
    lane: new Uint16Array(events),
    otherLane: new Uint16Array(events),
    flags: new Uint8Array(events),
  };
}

/** Of the first `kept` events; a trace has the order in which actions were carried out. */
function orderOfArrival(arrived: Uint32Array, kept: number): Uint32Array {
  return Uint32Array.from({ length: kept }, (_, index) => index).sort(
    (a, b) => arrived[a]! - arrived[b]! || a - b,
  );
}

function inOrder(columns: TimelineColumns, order: Uint32Array): TimelineColumns {
  const sorted = emptyColumns(order.length);
  order.forEach((from, to) => {
    for (const name of Object.keys(sorted) as (keyof TimelineColumns)[])
      sorted[name][to] = columns[name][from]!;
  });
  return sorted;
}
