import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineBytes } from "../../../src/record/line-bytes.js";

const gathered = (lines: LineBytes): string => Buffer.from(lines.gathered).toString("utf8");

describe("LineBytes", () => {
  it("quotes any text as JSON.stringify does", () => {
    const text = fc.oneof(
      // Any code units. A string of fast-check's unit "binary" takes seconds to be described.
      fc.array(fc.nat(0xffff), { maxLength: 10 }).map((units) => String.fromCharCode(...units)),
      fc.string({ unit: "binary-ascii" }),
      fc.string({ minLength: 100, maxLength: 300 }),
      fc.constantFrom(
        "",
        '"',
        "\\",
        "\u007f",
        "\ud800",
        "\u2028",
        "日本語",
        "tcp:output:local>10.0.0.3:80:syn",
      ),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const lines = new LineBytes(16);
        for (const each of texts) lines.quoted(each);
        expect(gathered(lines)).toBe(texts.map((each) => JSON.stringify(each)).join(""));
      }),
    );
  });

  it("writes milliseconds to the microsecond, and nothing after a 0", () => {
    const lines = new LineBytes(16);
    for (const ms of [0, 0.0004, 0.001, 0.0996, 1, 1.2345, 59.9999, 1234567.891, 2 ** 31 - 1, 2 ** 40]) {
      lines.milliseconds(ms);
      lines.text(" ");
    }
    expect(gathered(lines)).toBe(
      "0 0.000 0.001 0.100 1.000 1.235 60.000 1234567.891 2147483647.000 1099511627776.000 ",
    );
    fc.assert(
      fc.property(fc.nat(10 ** 12), (microseconds) => {
        const one = new LineBytes(16);
        one.milliseconds(microseconds / 1000);
        expect(Number(gathered(one))).toBeCloseTo(microseconds / 1000, 3);
      }),
    );
  });

  it("writes integers as String does", () => {
    const integer = fc.oneof(
      fc.integer(),
      fc.maxSafeInteger(),
      fc.nat(10).map((digits) => 10 ** digits),
      fc.nat(10).map((digits) => 10 ** digits - 1),
    );
    fc.assert(
      fc.property(integer, (value) => {
        const lines = new LineBytes(16);
        lines.integer(value);
        expect(gathered(lines)).toBe(String(value));
      }),
    );
  });

  it("grows for what is long, and takes back what is cut", () => {
    const lines = new LineBytes(16);
    lines.part(Buffer.from("kept "));
    const { length } = lines;
    lines.text("é".repeat(1000));
    lines.cut(length);
    lines.part(Buffer.from("x".repeat(5000)));
    expect(gathered(lines)).toBe(`kept ${"x".repeat(5000)}`);
    lines.empty();
    expect(lines.length).toBe(0);
  });
});
