/**
 * A recorded run as a page draws it: columns, one entry for each event, in the order of arrival. 100,000 objects of JSON
 * are 20 MB of text; as columns, deflated, the same is below one. Read by the page too: no Node here.
 */
export interface PackedTimeline {
  readonly run: number;
  readonly outcome: "fail" | "pass";
  readonly title: string;
  readonly events: number;
  /** Events of the run that are not in here; the first ones are. */
  readonly leftOut: number;
  /** Of its first event, in ms from the run's start. Times count from there, so that two runs can be compared by eye. */
  readonly firstMs: number;
  /** Microseconds in one unit of the time columns. */
  readonly unitUs: number;
  /** Of the last action, in units. */
  readonly endUnits: number;
  /** Names of what happened ("write of log.1") and of what was done about it ("dropped"); 0 is "". */
  readonly words: readonly string[];
  /** Where the events of each predictor are among these; the first that are there. */
  readonly marks: readonly (readonly number[])[];
  /** The columns one after the other, little-endian, deflated (RFC 1951), in base64. */
  readonly columns: string;
}

/** The events of a pair of timelines are drawn on the same lanes, so that they can be compared by eye. */
export interface PackedTimelines {
  readonly lanes: readonly TimelineLane[];
  readonly timelines: readonly PackedTimeline[];
}

export const emptyTimelines: PackedTimelines = { lanes: [], timelines: [] };

export type LaneKind = "endpoint" | "file" | "threads" | "function" | "log";

export interface TimelineLane {
  readonly kind: LaneKind;
  readonly name: string;
}

/** What was done, as bits of the `flags` column. */
export const heldFlag = 1;
export const faultFlag = 2;
export const scheduledFlag = 4;
/** The event never went on to the other endpoint: dropped or rejected. */
export const lostFlag = 8;

/** No second lane: the event has no other end. */
export const noLane = 0xffff;

/** In this order in `columns`. Arrivals are differences to the event before, which deflate well. */
export interface TimelineColumns {
  /** In units, from the run's first event, ascending. */
  readonly arrived: Uint32Array;
  /** In units: how much later the action was carried out. */
  readonly held: Uint32Array;
  /** Index into the words. */
  readonly what: Uint32Array;
  readonly done: Uint32Array;
  readonly lane: Uint16Array;
  readonly otherLane: Uint16Array;
  readonly flags: Uint8Array;
}

export function columnsFrom(bytes: Uint8Array, events: number): TimelineColumns {
  const wanted = events * 21;
  if (bytes.byteLength !== wanted)
    throw new RangeError(`${bytes.byteLength} bytes of columns, not ${wanted}`);
  // Copied: an offset need not be aligned.
  const buffer = bytes.slice().buffer;
  const arrived = new Uint32Array(buffer, 0, events);
  for (let index = 1; index < events; index++) arrived[index]! += arrived[index - 1]!;
  return {
    arrived,
    held: new Uint32Array(buffer, events * 4, events),
    what: new Uint32Array(buffer, events * 8, events),
    done: new Uint32Array(buffer, events * 12, events),
    lane: new Uint16Array(buffer, events * 16, events),
    otherLane: new Uint16Array(buffer, events * 18, events),
    flags: new Uint8Array(buffer, events * 20, events),
  };
}

export function bytesOf(columns: TimelineColumns): Uint8Array {
  const { arrived, held, what, done, lane, otherLane, flags } = columns;
  const steps = arrived.map((value, index) => (index === 0 ? value : value - arrived[index - 1]!));
  const parts = [steps, held, what, done, lane, otherLane, flags];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), offset);
    offset += part.byteLength;
  }
  return bytes;
}
