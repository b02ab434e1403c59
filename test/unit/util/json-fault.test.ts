import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonFaultOffset } from "../../../src/util/index.js";

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("jsonFaultOffset", () => {
  it.each([
    ["", 0],
    ["[1,]", 3],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['[{"a":tru}]', 9],
    ["[01]", 2],
    ["[-]", 2],
    ["[1.]", 2],
    ['["a\\x"]', 4],
    ['["\\u12g4"]', 6],
    ['["a\nb"]', 3],
    ['["a', 3],
    ["[1] x", 4],
    ["[1}", 2],
    ["{]", 1],
    ["[", 1],
  ])("of %j is %i", (text, offset) => {
    expect(jsonFaultOffset(text)).toBe(offset);
  });

  it("finds a fault exactly where JSON.parse does not parse", () => {
    const characters = fc.constantFrom(...'{}[]:,"\\ \n0123-+.eEtruefalsnx\u0001é😀');
    const damaged = fc
      .tuple(fc.json({ noUnicodeString: false }), fc.nat(), characters, fc.nat(2))
      .map(([text, at, insert, remove]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + insert + text.slice(place + remove);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: characters }), fc.json(), damaged), (text) => {
        const offset = jsonFaultOffset(text);
        expect(offset === undefined).toBe(parses(text));
        if (offset !== undefined) expect(offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("is not deeper in the stack for text that is", () => {
    expect(jsonFaultOffset("[".repeat(200_000))).toBe(200_000);
  });
});
