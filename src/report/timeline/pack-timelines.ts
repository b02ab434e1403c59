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
  /** In the order of the trace; asked for twice. */
  readonly decisions: () => Iterable<RecordedDecision>;
}

/** Of each run; a page with four of these still opens at once. */
export const mostEvents = 100_000;

// Of different texts; what comes later is named by its class alone.
const mostWords = 50_000;

/** Throws what `decisions` throws. */
export function packTimelines(runs: readonly TimelineRun[], limit = mostEvents): PackedTimelines {
  const table = new LaneTable();
  const counted = runs.map((run) => {
    let events = 0;
    for (const decision of run.decisions()) {
      events += 1;
      if (events <= limit) table.count(lanesOf(decision));
    }
    return { run, events };
  });
  const lanes = table.lanes();
  const timelines = counted.map(({ run, events }) => pack(run, Math.min(events, limit), events, table));
  return { lanes, timelines };
}

function pack(run: TimelineRun, kept: number, events: number, table: LaneTable): PackedTimeline {
  const words = new WordTable();
  const arrivedMs = new Float64Array(kept);
  const atMs = new Float64Array(kept);
  const columns = emptyColumns(kept);
  let index = 0;
  for (const decision of run.decisions()) {
    if (index === kept) break;
    arrivedMs[index] = Math.max(0, decision.arrivedMs);
    atMs[index] = Math.max(0, decision.arrivedMs, decision.atMs);
    put(decision, index, columns, words, table);
    index += 1;
  }
  const lastMs = atMs.reduce((last, each) => Math.max(last, each), 0);
  // A run of more than 71 minutes does not fit into 32 bits of microseconds.
  const unitUs = Math.max(1, Math.ceil((lastMs * 1000) / 0xffff_ffff));
  const unit = (milliseconds: number) => Math.round((milliseconds * 1000) / unitUs);
  for (let each = 0; each < kept; each++) {
    columns.arrived[each] = unit(arrivedMs[each]!);
    columns.held[each] = unit(atMs[each]!) - columns.arrived[each]!;
  }
  return {
    ...{ run: run.run, outcome: run.outcome, title: run.title },
    ...{ events: kept, leftOut: events - kept, unitUs, endUnits: unit(lastMs), words: words.list },
    columns: deflateRawSync(bytesOf(inOrderOfArrival(columns))).toString("base64"),
  };
}

function put(
  decision: RecordedDecision,
  index: number,
  columns: TimelineColumns,
  words: WordTable,
  table: LaneTable,
): void {
  const { kind, name, otherName } = lanesOf(decision);
  const { delayMs, fault, attributes, event } = decision;
  columns.what[index] = words.indexOf(whatWords(decision), event);
  columns.done[index] = words.indexOf(doneWords(decision), "faulted");
  columns.lane[index] = table.laneOf(kind, name);
  columns.otherLane[index] = otherName === undefined ? noLane : table.laneOf(kind, otherName);
  columns.flags[index] =
    (delayMs > 0 ? heldFlag : 0) |
    (fault === undefined ? 0 : faultFlag) |
    (attributes === undefined ? 0 : scheduledFlag) |
    (fault?.kind === "drop" || fault?.kind === "reject" ? lostFlag : 0);
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

/** A trace has the order in which actions were carried out. */
function inOrderOfArrival(columns: TimelineColumns): TimelineColumns {
  const order = Uint32Array.from(columns.arrived.keys()).sort(
    (a, b) => columns.arrived[a]! - columns.arrived[b]! || a - b,
  );
  return {
    arrived: columns.arrived.map((_, index) => columns.arrived[order[index]!]!),
    held: columns.held.map((_, index) => columns.held[order[index]!]!),
    what: columns.what.map((_, index) => columns.what[order[index]!]!),
    done: columns.done.map((_, index) => columns.done[order[index]!]!),
    lane: columns.lane.map((_, index) => columns.lane[order[index]!]!),
    otherLane: columns.otherLane.map((_, index) => columns.otherLane[order[index]!]!),
    flags: columns.flags.map((_, index) => columns.flags[order[index]!]!),
  };
}
