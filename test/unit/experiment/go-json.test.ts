import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { goJson } from "../../../src/experiment/storage/index.js";

const actions = fileURLToPath(new URL("../../fixtures/namazu-storage/00000000/actions", import.meta.url));

describe("goJson", () => {
  it.each(readdirSync(actions))("writes Namazu's %s byte for byte", (name) => {
    const text = readFileSync(join(actions, name), "utf8");
    expect(goJson(JSON.parse(text))).toBe(text);
  });

  it("sorts keys by their bytes, at every level", () => {
    expect(goJson({ b: { z: 1, a: [] }, a: {}, "\u{1f600}": 1, "\uffff": 2 })).toBe(
      '{\n\t"a": {},\n\t"b": {\n\t\t"a": [],\n\t\t"z": 1\n\t},\n\t"\uffff": 2,\n\t"\u{1f600}": 1\n}',
    );
  });

  it("escapes what Go escapes and nothing else", () => {
    expect(goJson('<a&b>\u2028\u2029\b\f\n\t\\b"\u007f é\u{1f600}')).toBe(
      '"\\u003ca\\u0026b\\u003e\\u2028\\u2029\\u0008\\u000c\\n\\t\\\\b\\"\u007f é\u{1f600}"',
    );
  });

  it("writes half a character as Go does", () => {
    expect(goJson("a\ud800b")).toBe('"a\ufffdb"');
  });

  it.each([
    [-0, "-0"],
    [1e21, "1e+21"],
    [1e-7, "1e-7"],
    [123456789012, "123456789012"],
    [null, "null"],
    [true, "true"],
  ])("writes %s as %s", (value, text) => {
    expect(goJson(value)).toBe(text);
  });

  it("leaves out what is undefined", () => {
    expect(goJson({ a: undefined })).toBe("{}");
  });
});
