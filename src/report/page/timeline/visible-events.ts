import { countBefore } from "./event-index.js";
import type { Frame } from "./frame.js";

/** As many as can be told apart, and drawn within a frame. */
const mostDrawnEvents = 3000;

/** The events in sight, those that are still held first. Undefined: too many to draw each. */
export function visibleEvents({ index, events, window }: Frame): number[] | undefined {
  const { all, longestHeld } = index;
  const { arrived, held } = events.columns;
  const [from, to] = [window.fromMs / events.unitMs, window.toMs / events.unitMs];
  const start = countBefore(all, arrived, from);
  const end = countBefore(all, arrived, to);
  if (end - start > mostDrawnEvents) return undefined;
  const visible: number[] = [];
  for (let place = countBefore(all, arrived, from - longestHeld); place < start; place++) {
    if (arrived[all[place]!]! + held[all[place]!]! >= from) visible.push(all[place]!);
  }
  // Long holds may leave more than can be told apart; the latest are kept.
  return [...visible.slice(-mostDrawnEvents), ...all.subarray(start, end)];
}
