import fc from "fast-check";
import { oddWords } from "./damage.js";

/** Values of every kind that JSON has; a "__proto__" of its own, as only JSON.parse makes one. */
const oddValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  ["1", 2, "3"],
  { a: { b: { c: [] } } },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
  { toString: null, valueOf: 1 },
  [{ toString: null }],
  ...oddWords,
];

const changes = fc.array(fc.nat(0x7fff_ffff), { maxLength: 5 });

/**
 * JSON values that were valid once: members taken out, replaced, put elsewhere, their keys garbled. `words` are keys and
 * values that mean something.
 */
export function damagedJson(corpus: readonly unknown[], words: readonly string[]): fc.Arbitrary<unknown> {
  const keys = [...words, ...oddWords];
  const values = [...oddValues, ...words, ...corpus];
  return fc
    .tuple(fc.nat(corpus.length - 1), changes)
    .map(([index, numbers]) =>
      numbers.reduce<unknown>((value, number) => damageJson(value, number, keys, values), corpus[index]),
    );
}

function damageJson(
  value: unknown,
  number: number,
  keys: readonly string[],
  values: readonly unknown[],
): unknown {
  const pick = number >>> 12;
  const replacement = values[pick % values.length];
  if (typeof value !== "object" || value === null) return (number & 3) === 0 ? replacement : value;
  if ((number & 0x1f) === 0) return replacement;
  const entries = Object.entries(value);
  const chosen = entries.length === 0 ? -1 : (number >>> 5) % entries.length;
  const what = number & 7;
  const changed = entries.flatMap(([key, member], index): [string, unknown][] => {
    if (index !== chosen) return [[key, member]];
    if (what === 0) return [];
    if (what === 1) return [[keys[pick % keys.length]!, member]];
    if (what <= 3) return [[key, replacement]];
    // Deeper: the rest of the number says where.
    return [[key, damageJson(member, (number >>> 3) ^ 0x15, keys, values)]];
  });
  if (what === 7) changed.push([keys[pick % keys.length]!, replacement]);
  return Array.isArray(value) ? changed.map(([, member]) => member) : fromEntries(changed);
}

/** As JSON.parse does: "__proto__" is a key like any other. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

/** Deeper than anybody's stack. */
export function deeplyNested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}
