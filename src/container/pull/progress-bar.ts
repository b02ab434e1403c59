import type { PullProgress } from "../../../runtime/engine/index.js";

const barWidth = 50;
/** Narrower terminals get the numbers alone, as docker does. */
const columnsForBar = 110;

/** `[====>      ]  1.2MB/3.4MB`, or "" when the engine said no size (moby, pkg/jsonmessage). */
export function progressBar(progress: PullProgress, columns: number): string {
  const { currentBytes = 0, totalBytes = 0 } = progress;
  if (currentBytes <= 0 && totalBytes <= 0) return "";
  const current = humanSize(currentBytes);
  if (totalBytes <= 0 || currentBytes > totalBytes) return current.padStart(8);
  const filled = Math.max(0, Math.floor((currentBytes / totalBytes) * barWidth));
  const bar = columns > columnsForBar ? `[${"=".repeat(filled)}>${" ".repeat(barWidth - filled)}] ` : "";
  return `${bar}${current.padStart(8)}/${humanSize(totalBytes)}`;
}

/** Four significant digits and a decimal unit: 1.234MB (docker/go-units, HumanSize). */
export function humanSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(4))}${units[unit]}`;
}
