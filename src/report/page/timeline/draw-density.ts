import { countBefore, levels } from "./event-index.js";
import { type Frame, laneHeight, timeAt, xOf } from "./frame.js";
import { otherLaneOf } from "./run-events.js";

const binWidth = 3;

/**
 * Many events as columns: how many there were at that time on that lane, and which share of them was held; what was faulted
 * always shows. The time this takes depends on the picture's width and not on the number of events.
 */
export function drawDensity(frame: Frame): void {
  const { context, left, width, events, index, laneY, palette } = frame;
  const { arrived } = events.columns;
  const bins = Math.max(1, Math.ceil((width - left) / binWidth));
  const edges = Float64Array.from(
    { length: bins + 1 },
    (_, bin) => timeAt(frame, left + bin * binWidth) / events.unitMs,
  );
  drawTraffic(frame, bins);
  const paths = [new Path2D(), new Path2D(), new Path2D()];
  const counts = Array.from({ length: levels }, () => new Uint32Array(bins));
  index.lists.forEach((lists, lane) => {
    const y = laneY[lane];
    if (y === undefined) return;
    let most = 0;
    lists.forEach((list, level) => {
      countInBins(list, arrived, edges, counts[level]!);
    });
    for (let bin = 0; bin < bins; bin++)
      most = Math.max(most, counts[0]![bin]! + counts[1]![bin]! + counts[2]![bin]!);
    if (most === 0) return;
    const full = laneHeight - 5;
    const scale = full / Math.log2(1 + most);
    for (let bin = 0; bin < bins; bin++) {
      const [asItWas, held, marked] = [counts[0]![bin]!, counts[1]![bin]!, counts[2]![bin]!];
      const total = asItWas + held + marked;
      if (total === 0) continue;
      const height = Math.max(2, Math.log2(1 + total) * scale);
      const [x, bottom] = [left + bin * binWidth, y + full / 2];
      const heldHeight = held === 0 ? 0 : Math.max(2, (height * held) / total);
      paths[0]!.rect(x, bottom - height, binWidth - 0.5, height - heldHeight);
      if (held > 0) paths[1]!.rect(x, bottom - heldHeight, binWidth - 0.5, heldHeight);
      if (marked > 0) paths[2]!.rect(x - 0.5, bottom - full, binWidth, 5);
    }
  });
  const colours = [palette.plain, palette.held, palette.fault];
  paths.forEach((path, level) => {
    context.fillStyle = colours[level]!;
    context.fill(path);
  });
}

/** Walks where the list is short, and halves where it is long. */
function countInBins(
  list: Uint32Array,
  arrived: Uint32Array,
  edges: Float64Array,
  counts: Uint32Array,
): void {
  let start = countBefore(list, arrived, edges[0]!);
  for (let bin = 0; bin < counts.length; bin++) {
    const edge = edges[bin + 1]!;
    let end = start;
    const near = Math.min(list.length, start + 16);
    while (end < near && arrived[list[end]!]! < edge) end += 1;
    if (end === near && end < list.length) end = Math.max(end, countBefore(list, arrived, edge));
    counts[bin] = end - start;
    start = end;
  }
}

/** Endpoints have the first lanes, and there are no more of them; see timeline/event-lanes.ts. */
const endpoints = 18;

/** A faint line between endpoints where packets went: so many arrows are a pattern and no arrows. */
function drawTraffic(frame: Frame, bins: number): void {
  const { context, left, events, index, laneY, palette } = frame;
  const { arrived, lane } = events.columns;
  const [from, to] = [frame.window.fromMs, frame.window.toMs].map((time) =>
    countBefore(index.all, arrived, time / events.unitMs),
  );
  const seen = new Uint8Array(bins * endpoints * endpoints);
  const path = new Path2D();
  for (let place = from!; place < to!; place++) {
    const event = index.all[place]!;
    const other = otherLaneOf(events, event);
    if (other === undefined || other === lane[event] || laneY[other] === undefined) continue;
    const bin = Math.floor((xOf(frame, arrived[event]! * events.unitMs) - left) / binWidth);
    const key = (bin * endpoints + Math.min(lane[event]!, other)) * endpoints + Math.max(lane[event]!, other);
    if (bin < 0 || bin >= bins || seen[key] === 1) continue;
    seen[key] = 1;
    const [top, bottom] = [laneY[lane[event]!]!, laneY[other]!].sort((a, b) => a - b);
    path.rect(left + bin * binWidth, top!, 1, bottom! - top!);
  }
  context.globalAlpha = 0.22;
  context.fillStyle = palette.plain;
  context.fill(path);
  context.globalAlpha = 1;
}
