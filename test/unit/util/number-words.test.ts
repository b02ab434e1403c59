import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockWords, percentDigits, timeWords } from "../../../src/util/index.js";

describe("percentDigits", () => {
  it.each([
    [0, "0"],
    [1, "100"],
    [0.0028, "0.28"],
    [0.003, "0.3"],
    [0.07, "7.0"],
    [0.153, "15"],
    [0.98, "98"],
    [0.992, "99.2"],
    [9999 / 10_000, "99.99"],
    [1 / 10_000, "0.01"],
    [999_999 / 1_000_000, "99.9999"],
    [1e-9, "0.0000001"],
  ])("writes %s as %s", (share, digits) => {
    expect(percentDigits(share)).toBe(digits);
  });

  it("says 0 and 100 of nothing else, and is never far off", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-90, max: 1, noNaN: true }), (share) => {
        const digits = percentDigits(share);
        expect(digits).toMatch(/^\d+(\.\d+)?$/);
        expect(digits).not.toBe("0");
        expect(digits === "100").toBe(share === 1);
        expect(Math.abs(Number(digits) - share * 100)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it("keeps 1 of n and n - 1 of n apart from none and all", () => {
    for (let n = 2; n < 10_000_000; n *= 3) {
      expect(percentDigits(1 / n)).not.toBe("0");
      expect(percentDigits((n - 1) / n)).not.toBe("100");
    }
  });
});

describe("timeWords", () => {
  it.each([
    [999.4, "999 ms"],
    [999.7, "1.0 s"],
    [59_600, "1 min"],
    [3_599_600, "1 h"],
  ])("writes %s ms as %s", (milliseconds, words) => {
    expect(timeWords(milliseconds)).toBe(words);
  });
});

describe("clockWords", () => {
  it.each([
    [400, "0.4s"],
    [12_000, "12s"],
    [125_000, "2m05s"],
    [3_599_600, "1h00m"],
    [3_780_000, "1h03m"],
  ])("writes %s ms as %s", (milliseconds, words) => {
    expect(clockWords(milliseconds)).toBe(words);
  });
});
