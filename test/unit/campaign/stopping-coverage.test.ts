import { describe, expect, it } from "vitest";
import { CampaignTally, rateInterval, stopReason } from "../../../src/campaign/index.js";
import type { Interval } from "../../../src/statistics/index.js";

const rule = { runs: undefined, untilFailure: false, forMs: undefined };

/**
 * How often the interval holds the true rate when one stops as soon as it is narrow enough: exact, by the probability of
 * each number of failures after each run, and not by throwing dice.
 */
function coverage(rate: number, halfWidth: number): number {
  let reached = [1];
  let covered = 0;
  for (let runs = 1; reached.some((probability) => probability > 0); runs++) {
    const next = new Array<number>(runs + 1).fill(0);
    reached.forEach((probability, failures) => {
      next[failures]! += probability * (1 - rate);
      next[failures + 1]! += probability * rate;
    });
    reached = next.map((probability, failures) => {
      if (probability < 1e-15) return 0;
      const interval = intervalOf(failures, runs);
      if (!isNarrow(interval, halfWidth)) return probability;
      if (interval.low <= rate && rate <= interval.high) covered += probability;
      return 0;
    });
  }
  return covered;
}

const known = new Map<string, Interval>();

function intervalOf(failures: number, runs: number): Interval {
  const key = `${failures} of ${runs}`;
  const interval = known.get(key) ?? rateInterval(failures, runs, true);
  known.set(key, interval);
  return interval;
}

function isNarrow({ low, high }: Interval, halfWidth: number): boolean {
  return (high - low) / 2 <= halfWidth;
}

describe("--until-interval", () => {
  it.each([0.15, 0.1])("holds what its interval says although it looks again and again: ±%f", (halfWidth) => {
    const rates = Array.from({ length: 30 }, (_, i) => (i + 0.5) / 60);
    for (const rate of rates) expect(coverage(rate, halfWidth), `${rate}`).toBeGreaterThanOrEqual(0.945);
  });

  it("stops by the interval that is shown", () => {
    const tally = new CampaignTally({ hasBaseline: false });
    expect(stopReason({ ...rule, untilInterval: 0.49 }, tally, 0, false)).toBeUndefined();
  });
});
