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

/**
 * The shortest Go-like text of a number of milliseconds, exact to the nanosecond: 80 → "80ms", 90000 → "1m30s",
 * 1234.5 → "1.2345s".
 */
export function formatDurationMs(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDurationMs(-milliseconds)}`;
  const nanoseconds = Math.round(milliseconds * 1e6);
  if (nanoseconds === 0) return "0s";
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${decimal(nanoseconds, 3)}us`;
  if (nanoseconds < 1e9) return `${decimal(nanoseconds, 6)}ms`;
  const hours = Math.floor(nanoseconds / 3.6e12);
  const minutes = Math.floor((nanoseconds % 3.6e12) / 6e10);
  const rest = nanoseconds % 6e10;
  return `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${rest > 0 ? `${decimal(rest, 9)}s` : ""}`;
}

/** An integer with its last `places` digits behind the point, without trailing zeros. */
function decimal(integer: number, places: number): string {
  const digits = String(integer).padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return `${digits.slice(0, -places)}${fraction === "" ? "" : `.${fraction}`}`;
}
