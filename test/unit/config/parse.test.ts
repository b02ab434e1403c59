import fc from "fast-check";
import { parse as parseTomlData, stringify } from "smol-toml";
import { describe, expect, it } from "vitest";
import { ConfigSyntaxError, parseJson, parseToml, parseYaml } from "../../../src/config/parse/index.js";

describe("parseJson", () => {
  it("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.stringify(parseJson(text).data)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it("accepts what JSON.parse accepts, and nothing else", () => {
    const token = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      "1",
      "-0",
      "01",
      "1.",
      ".5",
      "1e3",
      "null",
      "tru",
      " ",
      '"\\x"',
      '"\\u00e9"',
      "'a'",
      "+1",
      "NaN",
      "\u00a0",
      '"\t"',
    );
    const attempt = (parse: (text: string) => unknown, text: string): string => {
      try {
        return JSON.stringify(parse(text));
      } catch (error) {
        if (error instanceof ConfigSyntaxError || error instanceof SyntaxError) return "refused";
        throw error;
      }
    };
    fc.assert(
      fc.property(fc.array(token, { maxLength: 9 }), (tokens) => {
        const text = tokens.join("");
        const ours = attempt((written) => parseJson(written).data, text);
        // The one difference: a key given twice is an error here.
        if (ours === "refused" && /"([ab])".*"\1"/.test(text)) return;
        expect(ours).toBe(attempt(JSON.parse, text));
      }),
      { numRuns: 5000 },
    );
  });

  it("refuses what is nested too deeply instead of running out of stack", () => {
    expect(() => parseJson("[".repeat(100_000))).toThrow(ConfigSyntaxError);
  });
});

describe("the lines of keys", () => {
  it("are known in TOML, through every way to nest and to quote", () => {
    const { positions } = parseToml(
      [
        "# [not.a.table]", // 1
        'a = """', // 2
        "b = 1", //
        '[c]""""', // 4: the string ends in a quote of its own
        "'quoted key'.\"b\\u0061r\" = '''x", // 5
        "d = 2'''", //
        "e = [ # ]", // 7
        "  1, [2,", // 8
        '  3], { f = "}", g.h = 4 } ]', // 9
        "i = 1979-05-27 07:32:00 # = ", // 10
        "[j.k] # [", // 11
        "l = 5", // 12
        "[[m]]", // 13
        "n = 6", // 14
        "[[m]]", // 15
        "[m.o]", // 16
        "p = 7", // 17
        "[[m.q]]", // 18
        "r = 8", // 19
      ].join("\n"),
    );
    const lineOf = (...path: (string | number)[]) => positions.lineOf(path);
    expect([lineOf("a"), lineOf("b"), lineOf("c")]).toEqual([2, undefined, undefined]);
    expect([lineOf("quoted key"), lineOf("quoted key", "bar"), lineOf("d")]).toEqual([5, 5, undefined]);
    expect([lineOf("e"), lineOf("e", 0), lineOf("e", 1, 0), lineOf("e", 1, 1)]).toEqual([7, 8, 8, 9]);
    expect([lineOf("e", 2, "f"), lineOf("e", 2, "g", "h")]).toEqual([9, 9]);
    expect([lineOf("i"), lineOf("j", "k"), lineOf("j", "k", "l")]).toEqual([10, 11, 12]);
    expect([lineOf("m", 0), lineOf("m", 0, "n"), lineOf("m", 1)]).toEqual([13, 14, 15]);
    expect([lineOf("m", 1, "o"), lineOf("m", 1, "o", "p"), lineOf("m", 1, "q", 0, "r")]).toEqual([
      16, 17, 19,
    ]);
  });

  it("are known for every key of whatever smol-toml writes", () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
    const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
      tree: fc.dictionary(fc.string(), fc.oneof({ maxDepth: 3 }, leaf, tie("tree")), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = stringify(value);
        const { positions } = parseToml(text);
        const lines = text.split("\n");
        for (const key of Object.keys(parseTomlData(text))) {
          const line = positions.lineOf([key]);
          expect(line).toBeDefined();
          const isPlain = /^[A-Za-z0-9_-]+$/.test(key);
          if (isPlain) expect(lines[line! - 1]).toContain(key);
        }
      }),
    );
  });

  it("are known in YAML and JSON", () => {
    const yaml = parseYaml("a:\n  b: 1\n  c:\n    - d\n    - e: 2\n");
    expect(
      [["a"], ["a", "b"], ["a", "c", 0], ["a", "c", 1, "e"]].map((path) => yaml.positions.lineOf(path)),
    ).toEqual([1, 2, 4, 5]);
    const json = parseJson('{\n "a": {\n  "b": 1, "c": [\n   1,\n   {"e": 2}]}}');
    expect(
      [["a"], ["a", "b"], ["a", "c", 0], ["a", "c", 1, "e"]].map((path) => json.positions.lineOf(path)),
    ).toEqual([2, 3, 4, 5]);
  });

  it("fall back to the table around a key", () => {
    expect(parseYaml("a:\n  b: 1\n").positions.lineOf(["a", "unknown", 3])).toBe(1);
    expect(parseYaml("a: 1\n").positions.lineOf(["z"])).toBeUndefined();
  });
});

describe("parseYaml", () => {
  it("follows merge keys and anchors", () => {
    const { data } = parseYaml("base: &b {x: 1}\nmore:\n  <<: *b\n  y: 2\n");
    expect(data).toEqual({ base: { x: 1 }, more: { x: 1, y: 2 } });
  });

  it("refuses a bomb of aliases", () => {
    const bomb = `a0: &a0 [x]\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`).join("\n")}\n`;
    expect(() => parseYaml(bomb)).toThrow(ConfigSyntaxError);
  });
});
