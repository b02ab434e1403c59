import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonMistake } from "../../../../src/endpoint/rest/json-syntax.js";

function isTaken(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("findJsonMistake", () => {
  it.each([
    ["", 0, "a value", ""],
    ["  ", 2, "a value", ""],
    ["foo", 0, "a value", "foo"],
    ['{"a":1,}', 7, "a key in quotes", "}"],
    ["{a:1}", 1, 'a key in quotes or "}"', "a:1}"],
    ['{"a" 1}', 5, '":"', "1}"],
    ['{"a":1 "b":2}', 7, '"," or "}"', '"b":2}'],
    ["[1 2]", 3, '"," or "]"', "2]"],
    ["[1,]", 3, "a value", "]"],
    ["[}", 1, 'a value or "]"', "}"],
    ['"abc', 4, 'a closing "', ""],
    ['"a\nb"', 2, "an escaped control character", '\nb"'],
    ['"a\\xb"', 2, "an escape sequence", '\\xb"'],
    ["01", 1, "nothing more", "1"],
    ["1.", 1, "nothing more", "."],
    ["nulll", 4, "nothing more", "l"],
    ["\u{feff}{}", 0, "a value", "\u{feff}{}"],
    ['{"ü":tru}', 6, "a value", "tru}"],
    ['{"a":{"b":[1,{"c":x}]}}', 18, "a value", "x}]}}"],
  ])("finds what is wrong with %j", (text, byte, expected, got) => {
    expect(findJsonMistake(text)).toEqual({ byte, expected, got });
  });

  it("finds nothing where there is nothing wrong", () => {
    for (const text of [
      "{}",
      ' [ 1 , -2.5e+3 , "\\u00fc\\n" , null ] ',
      '{"a":{"":[[],{}]},"b":true}',
      '""',
      "0",
    ]) {
      expect(findJsonMistake(text)).toBeUndefined();
    }
  });

  it("agrees with JSON.parse on every text", () => {
    const pieces = fc.array(
      fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        "\\",
        "u12",
        " ",
        "\n",
        "tr",
        "true",
        "null",
        "-",
        "0",
        "1.5",
        "e",
        "ü",
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((parts) => parts.join("")),
          fc.json(),
          fc.string(),
        ),
        (text) => {
          expect(findJsonMistake(text) === undefined).toBe(isTaken(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("points at the place where a whole text was damaged, or after it", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, choice) => {
        const at = choice % (text.length + 1);
        const damaged = `${text.slice(0, at)}\u0001${text.slice(at)}`;
        const mistake = findJsonMistake(damaged);
        expect(mistake?.byte).toBeLessThanOrEqual(Buffer.byteLength(text.slice(0, at)));
        expect(isTaken(damaged)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("takes any depth", () => {
    expect(findJsonMistake("[".repeat(1_000_000))).toMatchObject({ byte: 1_000_000, got: "" });
  });
});
