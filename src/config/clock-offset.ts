import { formatDurationMs, parseDurationMs } from "../util/index.js";
import type { KeySpec } from "./key-table.js";
import { tomlText } from "./toml-text.js";

/** How far ahead of the machine's the workload's clocks are; negative: behind. */
export interface ClockOffset {
  readonly monotonicMs: number;
  readonly boottimeMs: number;
}

const none: ClockOffset = Object.freeze({ monotonicMs: 0, boottimeMs: 0 });
const expected =
  'a duration such as "3h" or "-10m", or "monotonic=1h,boottime=3h" (CLOCK_MONOTONIC and CLOCK_BOOTTIME)';
const realtimeReason =
  "no offset for CLOCK_REALTIME (the date): Linux has one for all processes, and time namespaces do not shift it; libfaketime does, inside the workload";

export function shiftsClocks({ monotonicMs, boottimeMs }: ClockOffset): boolean {
  return monotonicMs !== 0 || boottimeMs !== 0;
}

/** `3h` for both clocks, or each by its name. Throws an Error that completes "clock offset:". */
export function parseClockOffset(written: string | number): ClockOffset {
  const text = String(written);
  if (/realtime/i.test(text)) throw new Error(`expected ${realtimeReason}`);
  if (!text.includes("=")) {
    const offsetMs = durationIn(written);
    return Object.freeze({ monotonicMs: offsetMs, boottimeMs: offsetMs });
  }
  const offset = { ...none };
  for (const part of text.split(",")) {
    const [clock = "", duration = ""] = part.split("=").map((each) => each.trim());
    if (clock !== "monotonic" && clock !== "boottime") throw new Error(`expected ${expected}`);
    offset[`${clock}Ms`] = durationIn(duration);
  }
  return Object.freeze(offset);
}

/** As `parseClockOffset` reads it. */
export function formatClockOffset({ monotonicMs, boottimeMs }: ClockOffset): string {
  if (monotonicMs === boottimeMs) return formatDurationMs(monotonicMs);
  return `monotonic=${formatDurationMs(monotonicMs)},boottime=${formatDurationMs(boottimeMs)}`;
}

/** A key that is a clock offset, by default none. */
export function clockOffset(meaning: string): KeySpec<ClockOffset> {
  return {
    type: "clock offset",
    expected,
    default: none,
    defaultText: '`"0s"`',
    meaning,
    read: (written, path, report) => {
      if (typeof written !== "string" && typeof written !== "number") return undefined;
      try {
        return parseClockOffset(written);
      } catch (error) {
        const reason = (error as Error).message.replace(/^expected /, "");
        report({ path, kind: "wrong", expected: reason, got: written });
        return undefined;
      }
    },
    write: (offset) => tomlText(formatClockOffset(offset)),
  };
}

function durationIn(written: string | number): number {
  try {
    const offsetMs = parseDurationMs(written);
    if (Number.isFinite(offsetMs)) return offsetMs;
  } catch {
    // Told below, with what would be right.
  }
  throw new Error(`expected ${expected}`);
}
