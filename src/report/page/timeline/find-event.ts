import { placeOf } from "./draw-events.js";
import { countBefore } from "./event-index.js";
import { type Frame, laneHeight, timeAt } from "./frame.js";

/** What is under the pointer: an event, a lane's name, or how many events of each level. */
export interface Found {
  readonly event?: number;
  readonly lane?: string;
  readonly counts?: readonly number[];
}

const reach = 8;

export function findAt(
  frame: Frame,
  visible: readonly number[] | undefined,
  x: number,
  y: number,
): Found | undefined {
  const lane = frame.laneY.findIndex((each) => each !== undefined && Math.abs(each - y) <= laneHeight / 2);
  if (x < frame.left) return lane < 0 ? undefined : { lane: frame.lanes[lane]!.name };
  if (visible !== undefined) return nearest(frame, visible, x, y);
  if (lane < 0) return undefined;
  const { events, index } = frame;
  const [from, to] = [x - 2, x + 2].map((each) => timeAt(frame, each) / events.unitMs);
  const { arrived } = events.columns;
  const counts = index.lists[lane]!.map(
    (list) => countBefore(list, arrived, to!) - countBefore(list, arrived, from!),
  );
  return counts.every((count) => count === 0) ? undefined : { counts };
}

function nearest(frame: Frame, visible: readonly number[], x: number, y: number): Found | undefined {
  let best: { event: number; distance: number } | undefined;
  for (const event of visible) {
    const place = placeOf(frame, event);
    if (place === undefined) continue;
    const { fromX, toX, toY } = place;
    // Of a packet the arrow, and the bar of its being held.
    const distance = Math.min(
      distanceToLine(x, y, fromX, place.y, toX, place.y) + 0.5,
      distanceToLine(x, y, fromX, place.y, toX, toY),
    );
    if (distance <= (best?.distance ?? reach)) best = { event, distance };
  }
  return best === undefined ? undefined : { event: best.event };
}

function distanceToLine(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
