import { readFileSync } from "node:fs";

/** How far ahead of the machine's (behind, where negative) a namespace's clocks are. */
export interface ClockOffsets {
  readonly monotonicMs: number;
  readonly boottimeMs: number;
}

const nsPerSecond = 1_000_000_000n;
// KTIME_SEC_MAX / 2 (linux/kernel/time/namespace.c): what a clock may show at most, 146 years.
const latestNs = ((2n ** 63n - 1n) / nsPerSecond / 2n) * nsPerSecond;

/** Why the kernel would refuse the offsets, in words; undefined: it takes them. No clock may show less than zero. */
export function whyOffsetsImpossible(offsets: ClockOffsets, now = clocksNow()): string | undefined {
  const clocks = [
    ["CLOCK_MONOTONIC", offsets.monotonicMs, now.monotonicNs],
    ["CLOCK_BOOTTIME", offsets.boottimeMs, now.boottimeNs],
  ] as const;
  for (const [name, offsetMs, nowNs] of clocks) {
    const thenNs = nowNs + nanoseconds(offsetMs);
    if (thenNs < 0n) {
      return `${name} cannot go back so far: it shows ${nowNs / nsPerSecond} s here, and never less than 0`;
    }
    if (thenNs > latestNs)
      return `${name} cannot go so far ahead: it shows at most ${latestNs / nsPerSecond} s`;
  }
  return undefined;
}

/** The lines of /proc/PID/timens_offsets that shift a namespace by `offsets` from where it is, as `current` reads. */
export function offsetLines(offsets: ClockOffsets, current: string): string {
  return (
    [
      ["monotonic", offsets.monotonicMs],
      ["boottime", offsets.boottimeMs],
    ] as const
  )
    .map(([clock, offsetMs]) => {
      const [, seconds = "0", ns = "0"] =
        new RegExp(`^${clock}\\s+(-?\\d+)\\s+(\\d+)`, "m").exec(current) ?? [];
      const total = BigInt(seconds) * nsPerSecond + BigInt(ns) + nanoseconds(offsetMs);
      // The kernel takes nanoseconds from 0 on, and rounds seconds down.
      const rest = ((total % nsPerSecond) + nsPerSecond) % nsPerSecond;
      return `${clock} ${(total - rest) / nsPerSecond} ${rest}\n`;
    })
    .join("");
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1000)) * 1000n;
}

function clocksNow(): { readonly monotonicNs: bigint; readonly boottimeNs: bigint } {
  const [uptime = "0"] = readFileSync("/proc/uptime", "latin1").split(" ");
  return {
    monotonicNs: process.hrtime.bigint(),
    boottimeNs: BigInt(Math.round(Number(uptime) * 1000)) * 1_000_000n,
  };
}
