import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coFailing, FailureGroups, type RunFailure, signatureOf } from "../../../src/verdict/index.js";

const failure = (test: string | undefined, message: string): RunFailure => ({
  test,
  signature: signatureOf(message, ""),
  title: message,
});

describe("FailureGroups", () => {
  it("counts runs by signature, and tests within", () => {
    const groups = new FailureGroups();
    groups.add(3, [failure("a", "lost 3 items"), failure("b", "lost 4 items")]);
    groups.add(1, [failure("a", "lost 5 items")]);
    groups.add(2, [failure(undefined, "no leader")]);
    expect(groups.groups()).toMatchObject([
      { title: "lost 3 items", runs: 2, firstRun: 1, lastRun: 3, exampleRuns: [1, 3] },
      { title: "no leader", runs: 1, firstRun: 2, lastRun: 2, exampleRuns: [2] },
    ]);
    expect([...(groups.groups()[0]?.tests ?? [])]).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
  });

  it("tells which failures are new", () => {
    const groups = new FailureGroups();
    const isNew = (run: number, message: string) =>
      groups.add(run, [failure("a", message)]).map(({ title }) => title);
    expect(isNew(0, "no leader")).toEqual(["no leader"]);
    expect(isNew(1, "no leader")).toEqual([]);
    expect(isNew(2, "two leaders")).toEqual(["two leaders"]);
  });

  it("holds 1,000 groups and counts the failures beyond them", () => {
    const groups = new FailureGroups();
    const word = (n: number) => n.toString(2).replaceAll("0", "o").replaceAll("1", "i");
    for (let run = 0; run < 1500; run++) groups.add(run, [failure("a", `word ${word(run)}`)]);
    expect(groups.groups()).toHaveLength(1000);
    expect(groups.ungrouped).toBe(500);
  });
});

describe("coFailing", () => {
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
