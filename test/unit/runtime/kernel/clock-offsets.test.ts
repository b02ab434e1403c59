import { describe, expect, it } from "vitest";
import { offsetLines, whyOffsetsImpossible } from "../../../../runtime/kernel/index.js";

const none = "monotonic           0         0\nboottime            0         0\n";

describe("offsetLines", () => {
  it("writes whole seconds, and nanoseconds that are never negative", () => {
    expect(offsetLines({ monotonicMs: 10_800_000, boottimeMs: -1_500 }, none)).toBe(
      "monotonic 10800 0\nboottime -2 500000000\n",
    );
  });

  it("adds to what the clocks are shifted by already", () => {
    const shifted = "monotonic        -100 500000000\nboottime           60         0\n";
    expect(offsetLines({ monotonicMs: 600, boottimeMs: 0 }, shifted)).toBe(
      "monotonic -99 100000000\nboottime 60 0\n",
    );
  });
});

describe("whyOffsetsImpossible", () => {
  const now = { monotonicNs: 100_000_000_000n, boottimeNs: 200_000_000_000n };

  it("takes what leaves every clock at zero or more", () => {
    expect(whyOffsetsImpossible({ monotonicMs: -100_000, boottimeMs: -200_000 }, now)).toBeUndefined();
  });

  it("names the clock that would show less than nothing, and what it shows", () => {
    expect(whyOffsetsImpossible({ monotonicMs: -100_001, boottimeMs: 0 }, now)).toBe(
      "CLOCK_MONOTONIC cannot go back so far: it shows 100 s here, and never less than 0",
    );
  });

  it("knows the latest time of the kernel, 146 years", () => {
    const yearMs = 365 * 86_400_000;
    expect(whyOffsetsImpossible({ monotonicMs: 0, boottimeMs: 145 * yearMs }, now)).toBeUndefined();
    expect(whyOffsetsImpossible({ monotonicMs: 0, boottimeMs: 147 * yearMs }, now)).toMatch(
      /^CLOCK_BOOTTIME cannot go so far ahead/,
    );
  });
});
