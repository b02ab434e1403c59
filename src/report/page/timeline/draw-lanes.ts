import { axisHeight, type Frame, laneHeight, xOf } from "./frame.js";

/** The grid: lanes with their names, and the time above. */
export function drawLanes(frame: Frame): void {
  const { context, width, height, left, lanes, laneY, palette } = frame;
  context.clearRect(0, 0, width, height);
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "right";
  lanes.forEach(({ name, kind }, lane) => {
    const y = laneY[lane];
    if (y === undefined) return;
    context.fillStyle = palette.line;
    const isEndpoint = kind === "endpoint";
    context.fillRect(left, isEndpoint ? y - 0.5 : y + laneHeight / 2 - 1, width - left, 1);
    context.fillStyle = palette.faint;
    context.fillText(fitted(context, name, left - 14), left - 8, y);
  });
  drawAxis(frame);
}

function drawAxis(frame: Frame): void {
  const { context, width, height, left, palette, window } = frame;
  const step = tickStep(window.spanMs, (width - left) / 90);
  context.textAlign = "center";
  context.font = "11px system-ui, sans-serif";
  for (let tick = Math.ceil(window.fromMs / step) * step; tick <= window.toMs; tick += step) {
    const x = xOf(frame, tick);
    context.fillStyle = palette.line;
    context.fillRect(Math.round(x), axisHeight - 5, 1, height - axisHeight + 5);
    const text = tickWords(tick, step);
    const half = context.measureText(text).width / 2;
    context.fillStyle = palette.faint;
    if (x - half >= left - 30) context.fillText(text, Math.min(x, width - half - 1), axisHeight / 2 - 2);
  }
}

/** 1, 2 or 5 of a power of ten, so that about `wanted` of them fit. */
function tickStep(spanMs: number, wanted: number): number {
  const rough = spanMs / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
}

function tickWords(timeMs: number, step: number): string {
  const inSeconds = timeMs >= 1000 || step >= 1000;
  const value = inSeconds ? timeMs / 1000 : timeMs;
  const size = inSeconds ? step / 1000 : step;
  const digits = Math.max(0, -Math.floor(Math.log10(size) + 1e-9));
  return `${value.toFixed(digits)} ${inSeconds ? "s" : "ms"}`;
}

const known = new Map<string, string>();

/** Cut in the middle: a path's end and an address' port say most. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  const key = `${Math.round(width)} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  let shown = text.length > 200 ? `${text.slice(0, 60)}…${text.slice(-60)}` : text;
  for (let keep = shown.length; keep > 2 && context.measureText(shown).width > width; keep--) {
    const head = Math.ceil(keep * 0.4);
    shown = `${text.slice(0, head)}…${text.slice(text.length - (keep - head))}`;
  }
  known.set(key, shown);
  return shown;
}
