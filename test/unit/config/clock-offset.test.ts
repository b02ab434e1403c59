import { describe, expect, it } from "vitest";
import { clockOffset, formatClockOffset, parseClockOffset } from "../../../src/config/index.js";

const hourMs = 3_600_000;

describe("parseClockOffset", () => {
  it("shifts both clocks by a duration, forwards or back", () => {
    expect(parseClockOffset("3h")).toEqual({ monotonicMs: 3 * hourMs, boottimeMs: 3 * hourMs });
    expect(parseClockOffset("-1m30s")).toEqual({ monotonicMs: -90_000, boottimeMs: -90_000 });
    expect(parseClockOffset("0")).toEqual({ monotonicMs: 0, boottimeMs: 0 });
  });

  it("shifts each clock by its name, as after a machine has slept", () => {
    expect(parseClockOffset("monotonic=1h, boottime=3h")).toEqual({
      monotonicMs: hourMs,
      boottimeMs: 3 * hourMs,
    });
    expect(parseClockOffset("boottime=-5s")).toEqual({ monotonicMs: 0, boottimeMs: -5_000 });
  });

  it.each(["realtime=3h", "CLOCK_REALTIME=3h"])("refuses %s with the reason", (written) => {
    expect(() => parseClockOffset(written)).toThrow(/CLOCK_REALTIME.*Linux has one for all processes/);
  });

  it.each(["", "soon", "3", "uptime=3h", "monotonic=", "monotonic=1h,3h"])("refuses %j", (written) => {
    expect(() => parseClockOffset(written)).toThrow(/expected a duration such as "3h"/);
  });

  it.each(["3h", "-10m", "0s", "monotonic=1h,boottime=-1.5s"])("is written as it is read: %s", (written) => {
    expect(formatClockOffset(parseClockOffset(written))).toBe(written);
  });
});

describe("clockOffset", () => {
  it("names the reason where a config asks for another date", () => {
    const problems: unknown[] = [];
    const read = clockOffset("").read("realtime=1h", ["proc", "clockOffset"], (one) => problems.push(one));
    expect(read).toBeUndefined();
    expect(problems).toEqual([
      expect.objectContaining({
        path: ["proc", "clockOffset"],
        expected: expect.stringContaining("libfaketime"),
      }),
    ]);
  });
});
