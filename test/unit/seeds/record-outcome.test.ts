import { describe, expect, it } from "vitest";
import {
  addSeed,
  findTest,
  knowTest,
  maxSeeds,
  maxTests,
  recordOutcome,
  removeSeeds,
  type SeedBook,
  testId,
  testName,
} from "../../../src/seeds/index.js";

const empty: SeedBook = { tests: [] };
const test = { name: "t", shaking: "aa", policy: "random" };

/** "a x" is a run with seed a that failed. */
function afterRuns(book: SeedBook, ...runs: readonly string[]): SeedBook {
  return runs.reduce((grown, run, index) => {
    const [seed = "", outcome] = run.split(" ");
    const endedAt = `2026-11-23T11:00:${String(index % 60).padStart(2, "0")}Z`;
    return recordOutcome(grown, { test, seed, hasFailed: outcome === "x", endedAt }).book;
  }, book);
}

describe("recordOutcome", () => {
  it("keeps a seed that failed, and counts it from then on", () => {
    const book = afterRuns(empty, "a x", "a .", "a x");
    expect(book.tests).toEqual([
      {
        name: "t",
        seeds: [
          {
            seed: "a",
            policy: "random",
            shaking: "aa",
            tries: 3,
            failures: 2,
            recent: "x.x",
            addedAt: "2026-11-23T11:00:00Z",
            lastFailedAt: "2026-11-23T11:00:02Z",
          },
        ],
        fresh: [],
      },
    ]);
  });

  it("leaves no trace of a test that never failed, unless it is told to know it", () => {
    expect(afterRuns(empty, "a .")).toBe(empty);
    expect(afterRuns(knowTest(empty, "t"), "a .").tests[0]).toEqual({
      name: "t",
      seeds: [],
      fresh: [{ shaking: "aa", tries: 1, failures: 0, recent: "." }],
    });
  });

  it("counts new seeds apart from those that are known, but for the failure that made the test known", () => {
    const [known] = afterRuns(empty, "a x", "b .", "c x", "a x").tests;
    expect(known?.fresh).toEqual([{ shaking: "aa", tries: 2, failures: 1, recent: ".x" }]);
    expect(known?.seeds.map(({ seed, recent }) => `${seed} ${recent}`)).toEqual(["a xx", "c x"]);
  });

  it("keeps one seed apart under two configs", () => {
    const other = { ...test, shaking: "bb" };
    const outcome = { test: other, seed: "a", hasFailed: true, endedAt: "2026-11-23T11:00:00Z" };
    const { book, isNew } = recordOutcome(afterRuns(empty, "a x"), outcome);
    expect(isNew).toBe(true);
    expect(book.tests[0]?.seeds.map(({ shaking }) => shaking)).toEqual(["aa", "bb"]);
  });

  it("does not grow without bound, and drops the coldest seed and the test that was longest unused", () => {
    const many = Array.from({ length: maxSeeds + 1 }, (_, index) => `s${index} x`);
    const { seeds } = afterRuns(empty, "s3 x", "s3 .", ...many).tests[0]!;
    expect(seeds).toHaveLength(maxSeeds);
    expect(seeds.some(({ seed }) => seed === "s3")).toBe(false);
    const names = Array.from({ length: maxTests + 1 }, (_, index) => `t${index}`);
    const { tests } = names.reduce(knowTest, empty);
    expect([tests.length, tests[0]?.name]).toEqual([maxTests, "t1"]);
  });
});

describe("removeSeeds", () => {
  it("removes seeds, or the whole test, and nothing where one is not there", () => {
    const book = addSeed(afterRuns(empty, "a x", "b x"), "t", "hand", "2026-11-23T11:00:00Z");
    const known = findTest(book, testId("t"));
    expect(removeSeeds(book, known, ["a", "hand"]).tests[0]?.seeds.map(({ seed }) => seed)).toEqual(["b"]);
    expect(removeSeeds(book, known, []).tests).toEqual([]);
    expect(() => removeSeeds(book, known, ["a", "c"])).toThrow('no seed "c" is kept for the test "t"');
  });
});

describe("addSeed", () => {
  it("does not count anew what was added before", () => {
    const once = addSeed(empty, "t", "a", "2026-11-23T11:00:00Z");
    expect(addSeed(once, "t", "a", "2026-11-24T11:00:00Z")).toBe(once);
  });
});

describe("testName", () => {
  it("is what is run, as a shell takes it", () => {
    expect(testName("debian:12", ["sh", "-c", "it's > x"])).toBe(`debian:12 sh -c 'it'\\''s > x'`);
  });
});
