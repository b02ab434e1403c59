import {
  boolean,
  choice,
  duration,
  integer,
  isPlainTable,
  type KeySpec,
  type KeyTable,
  list,
  probability,
  text,
} from "../../config/index.js";

type Description = Readonly<Record<string, unknown>>;

/** How each type of parameter is made of its description (docs/policy-protocol.md); its default comes later. */
const kinds: Readonly<Record<string, (given: Description, meaning: string) => KeySpec<unknown>>> = {
  duration: (_, meaning) => duration(0, { meaning }),
  probability: (_, meaning) => probability(0, { meaning }),
  integer: ({ min, max }, meaning) =>
    integer(0, {
      meaning,
      min: wholeNumber(min, 0),
      ...(max === undefined ? {} : { max: wholeNumber(max, 0) }),
    }),
  boolean: (_, meaning) => boolean(false, { meaning }),
  string: ({ choices }, meaning) =>
    choices === undefined ? text("", { meaning }) : choice("", words(choices), { meaning }),
  list: (_, meaning) => list([], { meaning }),
};

/** The table of parameters that a program describes. Throws what is wrong with it, in words. */
export function describedParams(described: unknown): KeyTable {
  if (described === undefined) return {};
  if (!isPlainTable(described)) throw new Error("params: expected an object");
  return Object.fromEntries(
    Object.entries(described).map(([key, given]) => [key, describedParam(key, given)]),
  );
}

function describedParam(key: string, given: unknown): KeySpec<unknown> {
  const description = isPlainTable(given) ? given : {};
  const type = String(description["type"]);
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined) {
    throw new Error(`params.${key}.type: expected one of ${Object.keys(kinds).join(", ")}`);
  }
  const spec = kind(description, String(description["meaning"] ?? ""));
  const written = description["default"];
  if (written === undefined) return spec;
  // Held to the same as what a config gives.
  const byDefault = spec.read(written, [key], () => {});
  if (byDefault === undefined) throw new Error(`params.${key}.default: expected ${spec.expected}`);
  return { ...spec, default: byDefault };
}

function wholeNumber(value: unknown, byDefault: number): number {
  return Number.isSafeInteger(value) ? (value as number) : byDefault;
}

function words(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
