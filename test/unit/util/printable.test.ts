import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../../src/util/index.js";

describe("printable", () => {
  it("shows what a terminal would obey", () => {
    expect(printable("\x1b]0;mine\x07 \x9b2J\r\0")).toBe("\\x1b]0;mine\\x07 \\x9b2J\\x0d\\x00");
  });

  it("leaves text, tabs and line ends as they are", () => {
    const text = "naïve 日本語 😀\tC:\\x1b\n  next";
    expect(printable(text)).toBe(text);
  });

  it("leaves no control character in anything", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) =>
        [...printable(text)].every(
          (character) => character === "\t" || character === "\n" || !/\p{Cc}/u.test(character),
        ),
      ),
    );
  });
});
