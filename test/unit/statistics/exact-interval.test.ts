import { describe, expect, it } from "vitest";
import { exactInterval } from "../../../src/statistics/index.js";

describe("exactInterval", () => {
  // scipy.stats.binomtest(k, n).proportion_ci(0.95, "exact"), SciPy 1.x.
  it.each([
    [0, 10, 0, 0.30849710781876294],
    [1, 10, 0.0025285785444625728, 0.44501611702819543],
    [0, 1000, 0, 0.003682083896639526],
    [3, 1000, 0.0006190999316499173, 0.008742023238657654],
    [29, 30, 0.827830544366587, 0.9991564290733507],
    [30, 30, 0.8842966917779725, 1],
    [218, 1000, 0.1927700234595147, 0.2449017994582639],
    [1, 1, 0.025, 1],
    [50, 10_000, 0.0037133061795554803, 0.006586626429079917],
    [5, 7, 0.29042086373734255, 0.9633074338239144],
  ])("of %d of %d is what SciPy computes", (failures, trials, low, high) => {
    const interval = exactInterval(failures, trials);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it("is everything before the first trial, and refuses counts that cannot be", () => {
    expect(exactInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => exactInterval(3, 2)).toThrow(RangeError);
    expect(() => exactInterval(-1, 2)).toThrow(RangeError);
  });
});

const rates = [0.001, 0.0035, 0.01, 0.03, 0.08, 0.17, 0.3, 0.5, 0.72, 0.95, 0.996];

describe("how often the interval holds the true rate", () => {
  it.each([5, 30, 100, 400])("is at least 95 in a hundred after %d runs", (runs) => {
    const stop = stopsWhen((trials) => trials === runs, runs);
    for (const rate of rates) expect(coverage(stop, rate)).toBeGreaterThanOrEqual(0.95 - 1e-9);
  });

  it("is at least 95 in a hundred when the first failure stops it", () => {
    const stop = stopsWhen((trials, failures) => failures === 1 || trials === 1000, 1000);
    for (const rate of rates) expect(coverage(stop, rate)).toBeGreaterThanOrEqual(0.95 - 1e-9);
  });

  it.each([0.15, 0.1])("is at least 94 in a hundred when a half width of %d stops it", (halfWidth) => {
    const stop = stopsWhen((_trials, _failures, interval) => {
      const { low, high } = interval();
      return (high - low) / 2 <= halfWidth;
    }, 400);
    for (const rate of rates) expect(coverage(stop, rate)).toBeGreaterThanOrEqual(0.94);
  });
});

type Interval = ReturnType<typeof exactInterval>;

interface Rule {
  readonly most: number;
  readonly isStop: (trials: number, failures: number) => boolean;
  readonly interval: (trials: number, failures: number) => Interval;
}

function stopsWhen(
  stops: (trials: number, failures: number, interval: () => Interval) => boolean,
  most: number,
): Rule {
  const known = new Map<number, Interval>();
  const interval = (trials: number, failures: number) => {
    const key = trials * (most + 1) + failures;
    const found = known.get(key) ?? exactInterval(failures, trials);
    known.set(key, found);
    return found;
  };
  return {
    most,
    interval,
    isStop: (trials, failures) =>
      trials === most || stops(trials, failures, () => interval(trials, failures)),
  };
}

/** Exact, not simulated: the probability of each path's end, summed over the ends whose interval holds the rate. */
function coverage({ most, isStop, interval }: Rule, rate: number): number {
  let covered = 0;
  let running = new Map([[0, 1]]);
  for (let trials = 1; trials <= most; trials++) {
    const next = new Map<number, number>();
    const reach = (failures: number, probability: number) => {
      if (!isStop(trials, failures)) {
        next.set(failures, (next.get(failures) ?? 0) + probability);
        return;
      }
      const { low, high } = interval(trials, failures);
      if (low <= rate && rate <= high) covered += probability;
    };
    for (const [failures, probability] of running) {
      reach(failures, probability * (1 - rate));
      reach(failures + 1, probability * rate);
    }
    running = next;
  }
  return covered;
}
