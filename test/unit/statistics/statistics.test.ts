import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  benjaminiHochberg,
  fisherExact,
  normalCdf,
  normalQuantile,
  ochiai,
  wilsonInterval,
} from "../../../src/statistics/index.js";

const table = (a: number, b: number, c: number, d: number) => ({
  withFailed: a,
  withPassed: b,
  withoutFailed: c,
  withoutPassed: d,
});

describe("normalQuantile", () => {
  it("has the values of the tables", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.995)).toBeCloseTo(2.5758293035489, 12);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.959963984540054, 12);
    expect(normalQuantile(0.5)).toBe(0);
  });

  it("undoes the distribution function", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (probability) => {
        expect(normalCdf(normalQuantile(probability))).toBeCloseTo(probability, 10);
      }),
    );
  });

  it("refuses what is no probability", () => {
    expect(() => normalQuantile(1)).toThrow(RangeError);
    expect(() => normalQuantile(Number.NaN)).toThrow(RangeError);
  });
});

describe("wilsonInterval", () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d of %d is what Newcombe printed", (failures, trials, low, high) => {
    const interval = wilsonInterval(failures, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  // R: prop.test(failures, trials, correct = FALSE).
  it.each([
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [1, 300, 0.0006, 0.0186],
  ])("of %d of %d is what R computes", (failures, trials, low, high) => {
    const interval = wilsonInterval(failures, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it("is everything before the first trial, and reaches the ends", () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilsonInterval(10, 10).high).toBe(1);
  });

  it("refuses more failures than trials", () => {
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError);
  });
});

describe("fisherExact", () => {
  it("tastes the lady's tea", () => {
    expect(fisherExact(table(3, 1, 1, 3), "more")).toBeCloseTo(17 / 70, 12);
    expect(fisherExact(table(3, 1, 1, 3))).toBeCloseTo(34 / 70, 12);
  });

  // R's help page of fisher.test: Fisher's twins.
  it("convicts Fisher's twins", () => {
    expect(fisherExact(table(2, 10, 15, 3))).toBeCloseTo(0.0005367, 7);
    expect(fisherExact(table(10, 2, 3, 15), "more")).toBeCloseTo(0.0004652, 7);
  });

  it("stays a probability for thousands of runs, and symmetric", () => {
    const count = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        const p = fisherExact(table(a, b, c, d));
        expect(p).toBeGreaterThan(-1e-12);
        expect(p).toBeLessThanOrEqual(1);
        expect(fisherExact(table(b, a, d, c))).toBeCloseTo(p, 6);
      }),
      { numRuns: 50 },
    );
  });

  it("says 1 where there is nothing to compare", () => {
    expect(fisherExact(table(3, 4, 0, 0))).toBeCloseTo(1, 12);
  });
});

describe("benjaminiHochberg", () => {
  // The 15 hypotheses of the paper's example (thrombolysis): four are rejected at 0.05.
  const paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ];

  it("rejects what the paper rejects", () => {
    const adjusted = benjaminiHochberg(paper);
    expect(adjusted.filter((q) => q <= 0.05)).toHaveLength(4);
    expect(adjusted[3]).toBeCloseTo(0.035625, 12);
    expect(adjusted[4]).toBeCloseTo(0.0603, 12);
  });

  it("keeps the order given", () => {
    const backwards = [...paper].reverse();
    expect(benjaminiHochberg(backwards)).toEqual([...benjaminiHochberg(paper)].reverse());
  });

  it("counts the tests whose values are not given", () => {
    expect(benjaminiHochberg([0.01], 100)).toEqual([1]);
  });
});

describe("association", () => {
  it("is whole where failing and it are one", () => {
    expect(ochiai(table(5, 0, 0, 5))).toBe(1);
  });

  it("is nothing where one never varies", () => {
    expect(ochiai(table(0, 5, 0, 5))).toBe(0);
  });
});
