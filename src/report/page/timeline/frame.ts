import type { TimelineLane } from "../../timeline/timeline-format.js";
import type { EventIndex } from "./event-index.js";
import type { Palette } from "./palette.js";
import type { RunEvents } from "./run-events.js";
import type { TimeWindow } from "./time-window.js";

export const laneHeight = 20;
export const axisHeight = 22;

/** One picture that is to be drawn: what, where, in which colours. Lengths in CSS pixels. */
export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** Where the events begin, right of the lanes' names. */
  readonly left: number;
  readonly events: RunEvents;
  readonly index: EventIndex;
  readonly lanes: readonly TimelineLane[];
  /** Where a lane's middle is; undefined: the lane has nothing to show. */
  readonly laneY: readonly (number | undefined)[];
  readonly window: TimeWindow;
  readonly palette: Palette;
  readonly selected: number | undefined;
}

export function xOf({ left, width, window }: Frame, timeMs: number): number {
  return left + ((timeMs - window.fromMs) / window.spanMs) * (width - left);
}

export function timeAt({ left, width, window }: Frame, x: number): number {
  return window.fromMs + ((x - left) / (width - left)) * window.spanMs;
}
