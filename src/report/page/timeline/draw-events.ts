import { faultFlag, heldFlag, lostFlag, scheduledFlag } from "../../timeline/timeline-format.js";
import { type Frame, laneHeight, xOf } from "./frame.js";
import type { Palette } from "./palette.js";
import { arrivedMs, otherLaneOf, releasedMs } from "./run-events.js";

/** Where an event is drawn; `toY` is another than `y` for a packet. */
export interface EventPlace {
  readonly fromX: number;
  readonly toX: number;
  readonly y: number;
  readonly toY: number;
  readonly isLost: boolean;
}

export function placeOf(frame: Frame, event: number): EventPlace | undefined {
  const { events, laneY } = frame;
  const y = laneY[events.columns.lane[event]!];
  if (y === undefined) return undefined;
  const other = otherLaneOf(events, event);
  return {
    fromX: xOf(frame, arrivedMs(events, event)),
    toX: xOf(frame, releasedMs(events, event)),
    y,
    toY: other === undefined ? y : (laneY[other] ?? y),
    isLost: (events.columns.flags[event]! & lostFlag) !== 0,
  };
}

/** Few events, each as what it was: a packet an arrow, a hold a bar, a fault a cross, a rescheduling a diamond. */
export function drawEvents(frame: Frame, visible: readonly number[]): void {
  const { context, palette, events, left, width, height } = frame;
  const shapes = new Shapes();
  for (const event of visible) {
    const place = placeOf(frame, event);
    if (place !== undefined) shapes.add(place, events.columns.flags[event]!);
  }
  context.save();
  context.beginPath();
  context.rect(left, 0, width - left, height);
  context.clip();
  shapes.draw(context, palette);
  context.restore();
}

class Shapes {
  readonly #bars = new Path2D();
  readonly #plainLines = new Path2D();
  readonly #heldLines = new Path2D();
  readonly #plainDots = new Path2D();
  readonly #heldDots = new Path2D();
  readonly #crosses = new Path2D();
  readonly #diamonds = new Path2D();

  add(place: EventPlace, flags: number): void {
    const { fromX, toX, y, toY, isLost } = place;
    const isHeld = (flags & heldFlag) !== 0;
    const isArrow = toY !== y;
    if (isHeld) this.#bars.rect(fromX, y - 3, Math.max(1.5, toX - fromX), 6);
    if (isArrow) {
      const line = isHeld ? this.#heldLines : this.#plainLines;
      const share = isLost ? 0.5 : 1;
      arrow(line, fromX, y, fromX + (toX - fromX) * share, y + (toY - y) * share, !isLost);
    } else {
      const half = (laneHeight - 8) / 2;
      (isHeld ? this.#heldDots : this.#plainDots).rect(fromX - 1, y - half, 2, half * 2);
    }
    const [markX, markY] = isLost && isArrow ? [(fromX + toX) / 2, (y + toY) / 2] : [fromX, y];
    if ((flags & faultFlag) !== 0) cross(this.#crosses, markX, markY);
    else if ((flags & scheduledFlag) !== 0) diamond(this.#diamonds, markX, markY);
  }

  draw(context: CanvasRenderingContext2D, palette: Palette): void {
    context.globalAlpha = 0.45;
    context.fillStyle = palette.held;
    context.fill(this.#bars);
    context.globalAlpha = 1;
    context.lineWidth = 1;
    context.strokeStyle = palette.plain;
    context.stroke(this.#plainLines);
    context.strokeStyle = palette.held;
    context.stroke(this.#heldLines);
    context.fillStyle = palette.plain;
    context.fill(this.#plainDots);
    context.fillStyle = palette.held;
    context.fill(this.#heldDots);
    context.fillStyle = palette.scheduled;
    context.fill(this.#diamonds);
    context.lineWidth = 4;
    context.strokeStyle = palette.surface;
    context.stroke(this.#crosses);
    context.lineWidth = 2;
    context.strokeStyle = palette.fault;
    context.stroke(this.#crosses);
  }
}

function arrow(path: Path2D, x: number, y: number, toX: number, toY: number, hasHead: boolean): void {
  path.moveTo(x, y);
  path.lineTo(toX, toY);
  if (!hasHead) return;
  const angle = Math.atan2(toY - y, toX - x);
  for (const side of [-0.4, 0.4]) {
    path.moveTo(toX - 6 * Math.cos(angle + side), toY - 6 * Math.sin(angle + side));
    path.lineTo(toX, toY);
  }
}

function cross(path: Path2D, x: number, y: number): void {
  path.moveTo(x - 4, y - 4);
  path.lineTo(x + 4, y + 4);
  path.moveTo(x + 4, y - 4);
  path.lineTo(x - 4, y + 4);
}

function diamond(path: Path2D, x: number, y: number): void {
  path.moveTo(x, y - 5);
  path.lineTo(x + 5, y);
  path.lineTo(x, y + 5);
  path.lineTo(x - 5, y);
  path.closePath();
}

/** Around the event that was chosen, whatever else is drawn. */
export function drawSelection(frame: Frame, event: number): void {
  const place = placeOf(frame, event);
  if (place === undefined) return;
  const { context, palette, left } = frame;
  if (place.toX < left) return;
  context.strokeStyle = palette.focus;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(Math.max(left, place.fromX), place.y, 8, 0, 2 * Math.PI);
  context.stroke();
  context.fillStyle = palette.focus;
  context.globalAlpha = 0.25;
  context.fillRect(
    Math.max(left, place.fromX),
    place.y - 4,
    Math.max(2, place.toX - Math.max(left, place.fromX)),
    8,
  );
  context.globalAlpha = 1;
}
