import { heldFlag } from "../../timeline/timeline-format.js";
import { countWords, groupedNumber } from "../../words/numbers.js";
import { arrivedMs, ordinalOf, type RunEvents, releasedMs } from "./run-events.js";

/** What an event was, in lines: what, when, and what was done about it. */
export function eventLines(events: RunEvents, event: number): readonly string[] {
  const { columns, packed } = events;
  const what = packed.words[columns.what[event]!]!;
  const done = packed.words[columns.done[event]!]!;
  const at = arrivedMs(events, event);
  const heldMs = releasedMs(events, event) - at;
  const isHeld = (columns.flags[event]! & heldFlag) !== 0;
  return [
    what,
    `number ${groupedNumber(ordinalOf(events, event))} of its kind, ${millisecondWords(at)} after the first event, ${millisecondWords(packed.firstMs + at)} after the start`,
    ...(isHeld ? [`held for ${millisecondWords(heldMs)}`] : []),
    ...(done === "" ? [] : [done]),
    ...(!isHeld && done === "" ? ["let through as it was"] : []),
  ];
}

/** How many events there are of each level. */
export function countLines(counts: readonly number[]): readonly string[] {
  const [, held = 0, scheduled = 0, faulted = 0] = counts;
  return [
    countWords(
      counts.reduce((sum, count) => sum + count, 0),
      "event",
    ),
    ...(held > 0 ? [`${groupedNumber(held)} held`] : []),
    ...(scheduled > 0 ? [`${groupedNumber(scheduled)} rescheduled`] : []),
    ...(faulted > 0 ? [`${groupedNumber(faulted)} faulted`] : []),
    "zoom in to see each",
  ];
}

export function millisecondWords(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(3)} s`;
  return `${milliseconds >= 100 ? milliseconds.toFixed(1) : milliseconds.toFixed(3)} ms`;
}
