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
  const columns = Array.from({ length: levels }, () => new Path2D());
  const counts = Array.from({ length: levels }, () => new Uint32Array(bins));
  const full = laneHeight - 5;
  index.lists.forEach((lists, lane) => {
    const y = laneY[lane];
    if (y === undefined) return;
    lists.forEach((list, level) => {
      countInBins(list, arrived, edges, counts[level]!);
    });
    const totals = counts[0]!.map((_, bin) => counts.reduce((sum, level) => sum + level[bin]!, 0));
    const scale = full / Math.log2(1 + totals.reduce((most, total) => Math.max(most, total), 0));
    totals.forEach((total, bin) => {
      if (total === 0) return;
      addColumn(
        columns,
        counts,
        bin,
        left + bin * binWidth,
        y + full / 2,
        Math.max(3, Math.log2(1 + total) * scale),
      );
    });
  });
  const colours = [palette.plain, palette.held, palette.scheduled, palette.fault];
  columns.forEach((path, level) => {
    context.fillStyle = colours[level]!;
    context.fill(path);
  });
}

/** Parts by their shares, from below: held, rescheduled, as it was; what was faulted shows on top however few they are. */
function addColumn(
  columns: readonly Path2D[],
  counts: readonly Uint32Array[],
  bin: number,
  x: number,
  bottom: number,
  height: number,
): void {
  const [asItWas, held, scheduled, faulted] = counts.map((level) => level[bin]!) as [
    number,
    number,
    number,
    number,
  ];
  const total = asItWas + held + scheduled + faulted;
  const cap = faulted === 0 ? 0 : Math.max(3, (height * faulted) / total);
  let y = bottom;
  for (const [level, count] of [
    [1, held],
    [2, scheduled],
    [0, asItWas],
  ] as const) {
    const part = ((height - cap) * count) / Math.max(1, total - faulted);
    if (part > 0) columns[level]!.rect(x, y - part, binWidth - 0.5, part);
    y -= part;
  }
  if (cap > 0) columns[3]!.rect(x, y - cap, binWidth - 0.5, cap);
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
