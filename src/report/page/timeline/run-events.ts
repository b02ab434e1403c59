import {
  columnsFrom,
  noLane,
  type PackedTimeline,
  type TimelineColumns,
} from "../../timeline/timeline-format.js";

/** A run's events, unpacked; times in milliseconds from its first event. */
export interface RunEvents {
  readonly packed: PackedTimeline;
  readonly columns: TimelineColumns;
  readonly endMs: number;
  readonly unitMs: number;
}

export async function unpack(packed: PackedTimeline): Promise<RunEvents> {
  const text = atob(packed.columns);
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const columns = columnsFrom(new Uint8Array(await new Response(stream).arrayBuffer()), packed.events);
  const unitMs = packed.unitUs / 1000;
  return { packed, columns, unitMs, endMs: packed.endUnits * unitMs };
}

export function arrivedMs({ columns, unitMs }: RunEvents, index: number): number {
  return columns.arrived[index]! * unitMs;
}

/** When its action was carried out. */
export function releasedMs({ columns, unitMs }: RunEvents, index: number): number {
  return (columns.arrived[index]! + columns.held[index]!) * unitMs;
}

export function otherLaneOf({ columns }: RunEvents, index: number): number | undefined {
  const lane = columns.otherLane[index]!;
  return lane === noLane ? undefined : lane;
}

/** Which event of its kind it is, from 1, as people count. */
export function ordinalOf({ columns }: RunEvents, index: number): number {
  const what = columns.what[index]!;
  let ordinal = 1;
  for (let before = 0; before < index; before++) if (columns.what[before] === what) ordinal += 1;
  return ordinal;
}
