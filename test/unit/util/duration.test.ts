import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDurationMs, NmzError, parseDurationMs } from "../../../src/util/index.js";

describe("parseDurationMs", () => {
  it.each([
    ["80ms", 80],
    ["1s", 1000],
    ["1m30s", 90_000],
    ["1h", 3_600_000],
    ["1h1m1s1ms1us1ns", 3_661_001.001001],
    ["1.5s", 1500],
    [".5s", 500],
    ["1.s", 1000],
    ["100us", 0.1],
    ["100µs", 0.1],
    ["100μs", 0.1],
    ["1ns", 0.000001],
    ["0", 0],
    ["+0", 0],
    ["-0", 0],
    ["0s", 0],
    ["-1.5h", -5_400_000],
    ["+3s", 3000],
    [" 3s ", 3000],
    ["3000ms", 3000],
  ])("reads %j as Go does", (text, milliseconds) => {
    expect(parseDurationMs(text)).toBeCloseTo(milliseconds, 9);
  });

  it("takes a bare number for nanoseconds", () => {
    expect(parseDurationMs(80_000_000)).toBe(80);
  });

  it.each(["", "80", "ms", "80 ms", "1s 30ms", "1d", "1e3ms", "-", "--1s", "1s-2ms", "NaNs", "1,5s"])(
    "refuses %j and says how to write one",
    (text) => {
      expect(() => parseDurationMs(text)).toThrow(NmzError);
      expect(() => parseDurationMs(text)).toThrow(`"${text}" is not a duration`);
    },
  );
});

describe("formatDurationMs", () => {
  it.each([
    [0, "0s"],
    [80, "80ms"],
    [0.5, "500us"],
    [0.0015, "1.5us"],
    [0.000001, "1ns"],
    [1500, "1.5s"],
    [90_000, "1m30s"],
    [3_600_000, "1h"],
    [3_661_001.001001, "1h1m1.001001001s"],
    [-1500, "-1.5s"],
  ])("writes %d ms as %j", (milliseconds, text) => {
    expect(formatDurationMs(milliseconds)).toBe(text);
  });

  it("is undone by parseDurationMs, to the nanosecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), (nanoseconds) => {
        const again = parseDurationMs(formatDurationMs(nanoseconds * 1e-6));
        expect(Math.abs(Math.round(again * 1e6) - nanoseconds)).toBe(0);
      }),
    );
  });
});
