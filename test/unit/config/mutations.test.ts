import fc from "fast-check";
import { stringify as stringifyToml } from "smol-toml";
import { describe, expect, it } from "vitest";
import { stringify as stringifyYaml } from "yaml";
import { autopilotKeys, type LoadedAutopilot, parseAutopilot } from "../../../src/config/index.js";
import { policies } from "../../../src/policy/index.js";
import { randomParams } from "../../../src/policy/random-params.js";
import { NmzError } from "../../../src/util/index.js";

const formats = ["toml", "yaml", "json"] as const;

/** Loads, and lets no error pass but the documented ones. */
function tryLoad(text: string, format: (typeof formats)[number]): LoadedAutopilot | NmzError {
  try {
    return parseAutopilot(text, format, "fuzzed", policies);
  } catch (error) {
    if (error instanceof NmzError && error.code.startsWith("NMZ_CONFIG_")) return error;
    throw new Error(`not an NmzError for ${format} ${JSON.stringify(text)}`, { cause: error });
  }
}

const keys = [
  ...Object.keys(autopilotKeys),
  ...Object.keys(randomParams).map((key) => `explorePolicyParam.${key}`),
];
const odd = fc.oneof(
  fc.constantFrom<unknown>("80ms", "1s", "true", "dumb", "tcp", "2888-3888", 0, 1, -1, 42, 0.5, true, false),
  fc.constantFrom<unknown>([], {}, ["pre-mkdir"], [{ protocol: "tcp" }], { ports: [80] }, [[]]),
  fc.constantFrom("__proto__", "constructor", "toString", "\u0000", "日本"),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
);

/** Nested data from dotted keys, some of them garbled. */
const data = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...keys), fc.string()), odd), { maxLength: 8 })
  .map((entries) => {
    const root: Record<string, unknown> = {};
    for (const [key, value] of entries) {
      const path = key.split(".");
      let table = root;
      for (const step of path.slice(0, -1)) {
        if (typeof table[step] !== "object" || !Object.hasOwn(table, step)) table[step] = {};
        table = table[step] as Record<string, unknown>;
      }
      Object.defineProperty(table, path.at(-1)!, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return root;
  });

function write(value: Record<string, unknown>, format: (typeof formats)[number]): string {
  if (format === "json") return JSON.stringify(value, null, 1);
  return format === "yaml" ? stringifyYaml(value) : stringifyToml(value);
}

describe("parseAutopilot on what nobody meant to write", () => {
  it("throws nothing but NmzError on random data", () => {
    fc.assert(
      fc.property(data, fc.constantFrom(...formats), (value, format) => {
        let text: string;
        try {
          text = write(value, format);
        } catch {
          return; // not every value can be written in every format
        }
        tryLoad(text, format);
      }),
      { numRuns: 1500 },
    );
  });

  it("throws nothing but NmzError on damaged texts", () => {
    const damage = fc.record({
      at: fc.nat(2000),
      remove: fc.nat(6),
      insert: fc.constantFrom(
        "",
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        '"""',
        "=",
        ".",
        ",",
        "\n",
        "#",
        "\\",
        "\u0000",
        "- ",
        "&a ",
        "*a",
        ": ",
        "1e9999",
      ),
    });
    const texts = formats.map((format) => ({
      format,
      text: write(
        {
          run: "run.sh",
          explorePolicyParam: { minInterval: "5ms", procPolicyParam: { useBatch: true } },
          container: { procWatchInterval: "1s", enableFSInspector: false },
          ethernet: { match: [{ protocol: "tcp", ports: ["1-2", 3] }, { ports: [4] }] },
        },
        format,
      ),
    }));
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        ({ format, text }, damages) => {
          let damaged = text;
          for (const { at, remove, insert } of damages) {
            const start = at % (damaged.length + 1);
            damaged = damaged.slice(0, start) + insert + damaged.slice(start + remove);
          }
          const loaded = tryLoad(damaged, format);
          if (loaded instanceof NmzError) expect(loaded.message).toMatch(/^fuzzed(?::\d+)*: /);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("throws nothing but NmzError on noise", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.constantFrom(...formats),
        (text, format) => {
          tryLoad(text, format);
        },
      ),
      { numRuns: 1500 },
    );
  });
});
