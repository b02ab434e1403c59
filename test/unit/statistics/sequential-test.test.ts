import { describe, expect, it } from "vitest";
import { SequentialTest } from "../../../src/statistics/index.js";
import { hashText, KeyedRandom } from "../../../src/util/index.js";

function ask(rate: number, name: string, maxTrials?: number) {
  const random = new KeyedRandom(hashText(name));
  const test = new SequentialTest({
    lowRate: 0.1,
    highRate: 0.7,
    falseHigh: 0.01,
    falseLow: 0.05,
    ...(maxTrials === undefined ? {} : { maxTrials }),
  });
  while (test.answer === undefined) test.add(random.next() < rate);
  return test;
}

describe("SequentialTest", () => {
  it("stops at Wald's bounds", () => {
    const options = { lowRate: 0.25, highRate: 0.75, falseHigh: 0.05, falseLow: 0.05 };
    const test = new SequentialTest(options);
    test.add(true); // 3, then 9, then 27 times as likely; the bound is 19
    test.add(true);
    expect(test.answer).toBeUndefined();
    test.add(true);
    expect(test.answer).toBe("high");
    expect([test.failures, test.trials]).toEqual([3, 3]);
    const other = new SequentialTest(options);
    for (let trial = 0; trial < 3; trial++) other.add(false);
    expect(other.answer).toBe("low");
    expect(test.expectedTrials("high")).toBeCloseTo(Math.log(19) / (0.5 * Math.log(3)), 10);
  });

  it("errs no more often than it was allowed to", () => {
    let falseHigh = 0;
    let falseLow = 0;
    for (let seed = 0; seed < 3000; seed++) {
      if (ask(0.1, `low ${seed}`).answer === "high") falseHigh += 1;
      if (ask(0.7, `high ${seed}`).answer === "low") falseLow += 1;
    }
    expect(falseHigh / 3000).toBeLessThan(0.012);
    expect(falseLow / 3000).toBeLessThan(0.055);
  });

  it("gives up after so many trials, and says so", () => {
    const test = new SequentialTest({
      lowRate: 0.4,
      highRate: 0.6,
      falseHigh: 0.01,
      falseLow: 0.01,
      maxTrials: 4,
    });
    for (const failed of [true, false, true, false]) test.add(failed);
    expect(test.answer).toBe("undecided");
  });

  it("refuses rates that are not apart", () => {
    expect(() => new SequentialTest({ lowRate: 0.5, highRate: 0.5, falseHigh: 0.1, falseLow: 0.1 })).toThrow(
      RangeError,
    );
    expect(() => new SequentialTest({ lowRate: 0.1, highRate: 0.5, falseHigh: 0.6, falseLow: 0.6 })).toThrow(
      RangeError,
    );
  });
});
