import { describe, expect, it } from "vitest";
import { oddsRatio, TwoArmTest } from "../../../src/statistics/index.js";
import { KeyedRandom } from "../../../src/util/index.js";

const table = (a: number, b: number, c: number, d: number) => ({
  ...{ withFailed: a, withPassed: b },
  ...{ withoutFailed: c, withoutPassed: d },
});

describe("oddsRatio", () => {
  const infinity = Number.POSITIVE_INFINITY;

  // scipy.stats.contingency.odds_ratio(table, kind="conditional"), SciPy 1.x; the first is Fisher's tea tasting.
  it.each([
    [table(3, 1, 1, 3), 6.408319658199662, 0.21173559544657966, 626.2435305888141],
    [table(10, 2, 3, 15), 21.305317556750314, 2.7533827882493185, 301.4623379715165],
    [table(7, 93, 2, 98), 3.6664966078996866, 0.6750006049941292, 37.05678691771152],
    [table(29, 1, 0, 30), infinity, 68.27990891278954, infinity],
    [table(0, 30, 5, 25), 0, 0, 1.0171914317719],
    [table(218, 782, 0, 1000), infinity, 74.52923528079968, infinity],
  ])("of %o is what SciPy computes", (counts, estimate, low, high) => {
    const ratio = oddsRatio(counts);
    for (const [got, wanted] of [
      [ratio.estimate, estimate],
      [ratio.low, low],
      [ratio.high, high],
    ] as const) {
      if (Number.isFinite(wanted)) expect(Math.abs(got - wanted)).toBeLessThanOrEqual(wanted * 1e-3);
      else expect(got).toBe(wanted);
    }
  });

  it("tells nothing where no run failed, or each did", () => {
    expect(oddsRatio(table(0, 10, 0, 10)).estimate).toBeNaN();
    expect(oddsRatio(table(10, 0, 10, 0))).toMatchObject({ low: 0, high: infinity });
  });
});

/** Of many campaigns, the share that ended with p ≤ 0.05, and the pairs that those took in the middle. */
function campaigns(plain: number, fuzzed: number, most: number) {
  const random = new KeyedRandom({ high: 20, low: 22 });
  const taken: number[] = [];
  for (let campaign = 0; campaign < 1000; campaign++) {
    const test = new TwoArmTest();
    for (let pair = 1; pair <= most; pair++) {
      test.add(random.next() < plain, random.next() < fuzzed);
      if (test.evidence.p > 0.05) continue;
      taken.push(pair);
      break;
    }
  }
  taken.sort((a, b) => a - b);
  return { share: taken.length / 1000, median: taken[Math.floor(taken.length / 2)] };
}

describe("TwoArmTest", () => {
  it.each([0.002, 0.02, 0.2, 0.5, 0.9])(
    "calls equal arms different in at most 5 of 100 campaigns, looking after each of 1000 pairs at a rate of %d",
    (rate) => {
      expect(campaigns(rate, rate, 1000).share).toBeLessThanOrEqual(0.05);
    },
  );

  it("finds a difference that a person would bet on in a few pairs", () => {
    const { share, median } = campaigns(0.01, 0.6, 100);
    expect(share).toBe(1);
    expect(median).toBeLessThan(15);
  });

  it("finds 2 % against 22 % within 100 pairs nearly always", () => {
    expect(campaigns(0.02, 0.22, 100).share).toBeGreaterThan(0.9);
  });

  it("keeps the best evidence it ever had", () => {
    const test = new TwoArmTest();
    for (let i = 0; i < 20; i++) test.add(false, true);
    const { p } = test.evidence;
    for (let i = 0; i < 20; i++) test.add(true, false);
    expect(test.evidence).toEqual({ pairs: 40, p });
  });
});
