import { describe, expect, it } from "vitest";
import { drawBeta } from "../../../src/statistics/index.js";
import { hashText, KeyedRandom } from "../../../src/util/index.js";

describe("drawBeta", () => {
  it.each([
    [1, 1],
    [2, 5],
    [9, 3],
    [1, 17],
  ])("has the mean and variance of Beta(%i, %i)", (a, b) => {
    const random = new KeyedRandom(hashText("beta"));
    const draws = Array.from({ length: 20_000 }, () => drawBeta(a, b, random));
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(a / (a + b), 2);
    expect(variance).toBeCloseTo((a * b) / ((a + b) ** 2 * (a + b + 1)), 2);
  });

  it("refuses parameters that are not whole", () => {
    const random = new KeyedRandom(hashText("beta"));
    expect(() => drawBeta(0, 1, random)).toThrow(RangeError);
    expect(() => drawBeta(1.5, 1, random)).toThrow(RangeError);
  });
});
