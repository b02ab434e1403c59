import type { RecordedDecision } from "../../record/index.js";

/** An event as runs know it again, and what was decided on it in each run. */
export interface EventRow {
  readonly key: string;
  readonly entity: string;
  readonly hint: string;
  readonly n: number;
  readonly event: string;
  /** By run, in milliseconds. */
  readonly delays: Float32Array;
  /** By run: which action of the run it was, from 1; 0: the event did not come. */
  readonly ranks: Uint32Array;
  /** What else was done to it: by name, 1 for each run in which it was. */
  readonly marks: Map<string, Uint8Array>;
  /** In how many runs it came. */
  count: number;
}

// With a delay and a rank of 4 bytes each: 160 MB at most.
const defaultMaxCells = 20_000_000;

// Events that came in fewer of the runs so far make room when there is none.
const seldom = 0.2;

// The rest of a crowd of threads is not looked at.
const mostThreads = 64;

const rowsInBlock = 256;

/**
 * All events of all runs, as far as they fit: each event that comes in many runs is worth a row, those that come once are
 * not, and may be as many as there are lines. Lossy counting: Manku & Motwani, VLDB 2002.
 */
export class EventTable {
  readonly runs: number;
  readonly #maxRows: number;
  readonly #rows = new Map<string, EventRow>();
  readonly #freeCells: { delays: Float32Array; ranks: Uint32Array }[] = [];
  #allocatedRows = 0;
  #leftOut = 0;
  #rank = 0;

  constructor(runs: number, maxCells = defaultMaxCells) {
    this.runs = runs;
    this.#maxRows = Math.max(1, Math.floor(maxCells / runs));
  }

  get rows(): Iterable<EventRow> {
    return this.#rows.values();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** How many events found no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Runs come one after the other, from 0. */
  startRun(run: number): void {
    this.#rank = 0;
    if (this.#rows.size > this.#maxRows * 0.9) this.#dropSeldom(run);
  }

  /** In the order of the run's trace. */
  add(run: number, decision: RecordedDecision): void {
    this.#rank += 1;
    const row = this.#rowOf(decision);
    // After very many events their numbers are no longer exact: the first of a number is kept.
    if (row === undefined || row.ranks[run] !== 0) return;
    row.count += 1;
    row.ranks[run] = this.#rank;
    row.delays[run] = decision.delayMs;
    for (const mark of marksOf(decision)) this.#mark(row, mark)[run] = 1;
  }

  #rowOf({ entity, hint, n, event }: RecordedDecision): EventRow | undefined {
    const key = `${n}|${entity}|${hint}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= this.#maxRows) {
      this.#leftOut += 1;
      return undefined;
    }
    const row = {
      key,
      entity,
      hint,
      n,
      event,
      ...this.#cells(),
      marks: new Map<string, Uint8Array>(),
      count: 0,
    };
    this.#rows.set(key, row);
    return row;
  }

  #mark(row: EventRow, mark: string): Uint8Array {
    const known = row.marks.get(mark);
    if (known !== undefined) return known;
    const cells = new Uint8Array(this.runs);
    row.marks.set(mark, cells);
    return cells;
  }

  #cells(): { delays: Float32Array; ranks: Uint32Array } {
    if (this.#freeCells.length === 0) {
      const rows = Math.min(rowsInBlock, this.#maxRows - this.#allocatedRows);
      const delays = new Float32Array(rows * this.runs);
      const ranks = new Uint32Array(rows * this.runs);
      for (let start = 0; start < delays.length; start += this.runs) {
        const end = start + this.runs;
        this.#freeCells.push({ delays: delays.subarray(start, end), ranks: ranks.subarray(start, end) });
      }
      this.#allocatedRows += rows;
    }
    return this.#freeCells.pop()!;
  }

  #dropSeldom(runsSoFar: number): void {
    for (const { key, count, delays, ranks } of this.#rows.values()) {
      if (count > runsSoFar * seldom) continue;
      this.#rows.delete(key);
      this.#freeCells.push({ delays: delays.fill(0), ranks: ranks.fill(0) });
    }
  }
}

/** Names for what was done to an event beside a delay: "fault drop", "thread 4 of 12: 3 =" with the policy's number and nice's sign. */
function* marksOf({ fault, attributes }: RecordedDecision): Generator<string> {
  if (fault !== undefined) yield `fault ${fault.kind === "errno" ? fault.errno : fault.kind}`;
  if (attributes === undefined) return;
  for (const [place, given] of attributes.slice(0, mostThreads).entries()) {
    if (given === undefined) continue;
    const { Policy, Nice } = given;
    const sign = Nice > 0 ? "+" : Nice < 0 ? "-" : "=";
    yield `thread ${place + 1} of ${attributes.length}: ${Policy} ${Policy === 0 ? sign : "="}`;
  }
}
