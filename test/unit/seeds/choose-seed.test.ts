import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseSeed, type KnownSeed, type KnownTest, untried } from "../../../src/seeds/index.js";
import { hashText, KeyedRandom } from "../../../src/util/index.js";

const random = (key = "chance") => new KeyedRandom(hashText(key));

function known(seed: string, recent: string, more: Partial<KnownSeed> = {}): KnownSeed {
  const failures = recent.split("x").length - 1;
  const addedAt = "2026-11-20T10:00:00Z";
  return { seed, tries: recent.length, failures, recent, shaking: "aa", policy: "random", addedAt, ...more };
}

function test(seeds: readonly KnownSeed[], fresh: KnownTest["fresh"] = []): KnownTest {
  return { name: "t", seeds, fresh };
}

/** How often each seed is taken in 1,000 choices; "" is a new one. */
function taken(of: KnownTest): Map<string, number> {
  const chance = random();
  const counts = new Map<string, number>();
  for (let i = 0; i < 1000; i++) {
    const { seed = "" } = chooseSeed(of, "aa", chance);
    counts.set(seed, (counts.get(seed) ?? 0) + 1);
  }
  return counts;
}

describe("chooseSeed", () => {
  it("makes a new one where none is known, and says why", () => {
    expect(chooseSeed(undefined, "aa", random())).toEqual({
      seed: undefined,
      why: "a new one, because none has made this test fail yet",
    });
  });

  it("leaves out seeds that failed under another config, and says so", () => {
    const choice = chooseSeed(test([known("a", "x", { shaking: "bb" })]), "aa", random());
    expect(choice).toEqual({
      seed: undefined,
      why: "a new one, because the known seed failed under another config",
    });
  });

  it("takes what was not repeated yet first, the newest of them", () => {
    const seeds = [
      known("often", "xxxxxxxx"),
      known("old", "x", { lastFailedAt: "2026-11-20T10:00:00Z" }),
      known("new", "x", { lastFailedAt: "2026-11-21T10:00:00Z" }),
    ];
    expect(chooseSeed(test(seeds), "aa", random())).toEqual({
      seed: "new",
      why: "it failed on 2026-11-20 and was not repeated yet",
    });
  });

  it("takes a seed that was added by hand under every config", () => {
    const { shaking, ...byHand } = known("hand", "");
    expect(chooseSeed(test([byHand]), "cc", random())).toEqual({
      seed: "hand",
      why: "it was added by hand and not tried yet",
    });
    expect(shaking).toBe("aa");
  });

  it("takes what fails most mostly, and the others now and then", () => {
    const fresh = [{ shaking: "aa", tries: 8, failures: 1, recent: "x......." }];
    const counts = taken(test([known("hot", "xxx.xx.x"), known("cold", ".x......")], fresh));
    expect(counts.get("hot")).toBeGreaterThan(850);
    expect(counts.get("cold")).toBeGreaterThan(0);
    expect(counts.get("")).toBeGreaterThan(0);
  });

  it("explores when the known seeds do not fail any more", () => {
    const counts = taken(test([known("mended", "x...............")]));
    expect(counts.get("")).toBeGreaterThan(800);
  });

  it("depends on the book and the given chance alone, and only takes seeds of the book", () => {
    const outcomes = fc.array(fc.constantFrom("x", "."), { maxLength: 16 }).map((all) => all.join(""));
    fc.assert(
      fc.property(fc.array(outcomes, { maxLength: 8 }), outcomes, fc.string(), (all, recent, key) => {
        const seeds = all.map((each, index) => known(`s${index}`, each));
        const of = test(seeds, [{ ...untried, recent, shaking: "aa" }]);
        const first = chooseSeed(of, "aa", random(key));
        expect(chooseSeed(of, "aa", random(key))).toEqual(first);
        expect([undefined, ...seeds.map(({ seed }) => seed)]).toContain(first.seed);
      }),
    );
  });
});
