import { NmzError } from "./errors.js";

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * A Go duration (`"80ms"`, `"1m30s"`, `"-1.5h"`, `"0"`) in milliseconds; a bare number is nanoseconds, as in
 * Namazu's configs. Throws NMZ_DURATION_INVALID.
 */
export function parseDurationMs(value: string | number): number {
  if (typeof value === "number") return value * 1e-6;
  const text = value.trim();
  const match = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.exec(text);
  if (/^[+-]?0$/.test(text)) return 0;
  if (match === null) {
    throw new NmzError("NMZ_DURATION_INVALID", `"${value}" is not a duration`, {
      hint: 'write a number and a unit: "80ms", "1s", "1m30s" (ns, us, ms, s, m, h)',
    });
  }
  let totalMs = 0;
  for (const part of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    totalMs += Number(part[1]) * unitMs[part[2]!]!;
  }
  return match[1] === "-" ? -totalMs : totalMs;
}

/** The shortest Go-like text of a number of milliseconds: 80 → "80ms", 90000 → "1m30s". */
export function formatDurationMs(milliseconds: number): string {
  if (milliseconds === 0) return "0s";
  if (milliseconds < 0) return `-${formatDurationMs(-milliseconds)}`;
  if (milliseconds < 1) return `${trim(milliseconds * 1000)}us`;
  if (milliseconds < 1000) return `${trim(milliseconds)}ms`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const seconds = (milliseconds % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${seconds > 0 ? `${trim(seconds)}s` : ""}`;
}

function trim(value: number): string {
  return String(Number(value.toFixed(3)));
}
