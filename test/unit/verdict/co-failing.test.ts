import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoFailing } from "../../../src/verdict/index.js";

/** Of the sets of tests that failed in each run; an empty set: it passed. */
function coFailing(runs: Iterable<Iterable<string>>) {
  const found = new CoFailing();
  for (const failedTests of runs) found.add(failedTests);
  return found.groups();
}

describe("CoFailing", () => {
  const times = (count: number, ...tests: string[]) => Array.from({ length: count }, () => tests);

  it("finds the tests that fail in the same runs", () => {
    const runs = [...times(90), ...times(6, "a", "b", "c"), ...times(4, "d")];
    expect(coFailing(runs)).toEqual([{ tests: ["a", "b", "c"], together: 6, any: 6 }]);
  });

  it("finds tests that fail together in most of the runs", () => {
    const runs = [...times(80), ...times(8, "a", "b"), ...times(2, "a"), ...times(3, "d")];
    expect(coFailing(runs)).toEqual([{ tests: ["a", "b"], together: 8, any: 10 }]);
  });

  it("makes nothing of tests that fail often, and so together by chance", () => {
    // Each fails in 8 of 10 runs, independently: both in 64 of 100.
    const runs = [...times(64, "a", "b"), ...times(16, "a"), ...times(16, "b"), ...times(4)];
    expect(coFailing(runs)).toEqual([]);
  });

  it("makes nothing of one run", () => {
    expect(coFailing([...times(100), ["a", "b"]])).toEqual([]);
  });

  it("groups tests that fail independently of each other in at most one of a thousand campaigns", () => {
    // A seeded generator, so that the test is the same every time.
    let state = 1;
    const chance = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state / 2 ** 32;
    };
    let grouped = 0;
    for (let campaign = 0; campaign < 1000; campaign++) {
      const runs = Array.from({ length: 100 }, () => ["a", "b", "c"].filter(() => chance() < 0.1));
      if (coFailing(runs).length > 0) grouped++;
    }
    expect(grouped).toBeLessThanOrEqual(1);
  });

  it("finds the same in a sample when there are more failing runs than it keeps", () => {
    const runs = Array.from({ length: 20_000 }, (_, run) =>
      run % 2 === 0 ? ["a", "b"] : run % 4 === 1 ? ["c"] : [],
    );
    const [group, ...others] = coFailing(runs);
    expect(others).toEqual([]);
    expect(group?.tests).toEqual(["a", "b"]);
    expect(group?.together).toBeLessThanOrEqual(4096);
  });

  it("never says that more fail together than fail", () => {
    const test: fc.Arbitrary<string> = fc.constantFrom("a", "b", "c", "d", "e");
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(test), { maxLength: 200 }), (runs) => {
        for (const { tests, together, any } of coFailing(runs)) {
          const all = runs.filter((failed) => tests.every((name) => failed.includes(name)));
          const some = runs.filter((failed) => tests.some((name) => failed.includes(name)));
          expect([together, any]).toEqual([all.length, some.length]);
          expect(new Set(tests).size).toBe(tests.length);
        }
      }),
    );
  });
});
