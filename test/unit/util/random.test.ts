import { describe, expect, it } from "vitest";
import { hashText, KeyedRandom } from "../../../src/util/index.js";

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

// 99 degrees of freedom, p = 0.001 and 0.999: too even is as bad as too uneven.
const [tooEven, tooUneven] = [61.1, 148.2];

describe("KeyedRandom", () => {
  it("is uniform along one stream", () => {
    const counts = new Array<number>(100).fill(0);
    const random = new KeyedRandom(hashText("one stream"));
    for (let index = 0; index < 100_000; index++) counts[Math.floor(random.next() * 100)]! += 1;
    expect(chiSquare(counts)).toBeGreaterThan(tooEven);
    expect(chiSquare(counts)).toBeLessThan(tooUneven);
  });

  it("is uniform over the first numbers of many streams", () => {
    const counts = new Array<number>(100).fill(0);
    for (let index = 0; index < 100_000; index++) {
      counts[Math.floor(new KeyedRandom(hashText(`stream ${index}`)).next() * 100)]! += 1;
    }
    expect(chiSquare(counts)).toBeGreaterThan(tooEven);
    expect(chiSquare(counts)).toBeLessThan(tooUneven);
  });

  it("draws the second number independently of the first", () => {
    const counts = new Array<number>(100).fill(0);
    for (let index = 0; index < 100_000; index++) {
      const random = new KeyedRandom(hashText(`stream ${index}`));
      counts[Math.floor(random.next() * 10) * 10 + Math.floor(random.next() * 10)]! += 1;
    }
    expect(chiSquare(counts)).toBeGreaterThan(tooEven);
    expect(chiSquare(counts)).toBeLessThan(tooUneven);
  });

  it("repeats itself from the same key", () => {
    const [one, two] = [new KeyedRandom(hashText("key")), new KeyedRandom(hashText("key"))];
    for (let index = 0; index < 100; index++) expect(two.next()).toBe(one.next());
  });

  it("draws integers from both ends and everything between", () => {
    const random = new KeyedRandom(hashText("integers"));
    const seen = new Set(Array.from({ length: 2000 }, () => random.integer(-20, 19)));
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index - 20));
  });
});
