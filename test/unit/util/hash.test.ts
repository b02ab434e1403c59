import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText, mix32 } from "../../../src/util/index.js";

const hex = (text: string, seed?: { high: number; low: number }): string => {
  const { high, low } = hashText(text, seed);
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
};

describe("hashText", () => {
  it("never changes: recorded seeds depend on it", () => {
    expect(["", "a", "seed", "tcp:entity-10.0.0.1:2888", "日本語"].map((text) => hex(text))).toEqual([
      "024d59ed3ead4827",
      "a42aa0c2db51a253",
      "ec09d7c0f6a8f814",
      "e3e4a8fcd0fb4d38",
      "07a2ff997f1fe66c",
    ]);
    expect(hex("hint", hashText("entity"))).toBe("01acd42081de0914");
  });

  it("gives both words as unsigned 32-bit numbers", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { high, low } = hashText(text);
        for (const word of [high, low]) {
          expect(Number.isInteger(word) && word >= 0 && word < 2 ** 32).toBe(true);
        }
      }),
    );
  });

  it("keeps 200,000 similar texts apart", () => {
    const seen = new Set<string>();
    for (let index = 0; index < 200_000; index++) seen.add(hex(`pre-open:src/file-${index}.ts`));
    expect(seen.size).toBe(200_000);
  });
});

describe("mix32", () => {
  it("is one to one", () => {
    const seen = new Set<number>();
    for (let value = 0; value < 100_000; value++) seen.add(mix32(value));
    expect(seen.size).toBe(100_000);
  });
});
