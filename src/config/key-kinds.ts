import { formatDurationMs, nearest, parseDurationMs } from "../util/index.js";
import type { KeySpec } from "./key-table.js";
import { tomlText } from "./toml-text.js";

/** What every kind of key says besides how it is read. */
interface Words {
  readonly meaning: string;
  readonly defaultText?: string;
  readonly aliases?: readonly string[];
}

/** Read to milliseconds. A bare number is nanoseconds, as in Namazu. `Default` may be undefined: "not given". */
export function duration<Default extends number | undefined>(
  byDefault: Default,
  words: Words & { readonly isPositive?: boolean },
): KeySpec<number | Default> {
  const isPositive = words.isPositive ?? false;
  return {
    type: "duration",
    expected: `a duration ${isPositive ? "above 0" : "of 0 or more"}, such as "80ms" (a bare number is nanoseconds)`,
    default: byDefault,
    ...described(words),
    read: (written) => {
      if (typeof written !== "string" && typeof written !== "number") return undefined;
      const milliseconds = tryParseDuration(written);
      if (milliseconds === undefined || !Number.isFinite(milliseconds) || milliseconds < 0) return undefined;
      return isPositive && milliseconds === 0 ? undefined : milliseconds;
    },
    write: (milliseconds) => tomlText(milliseconds === undefined ? "" : formatDurationMs(milliseconds)),
  };
}

export function probability(byDefault: number, words: Words): KeySpec<number> {
  return {
    type: "probability",
    expected: "a number from 0 to 1",
    default: byDefault,
    ...described(words),
    read: (written) => (typeof written === "number" && written >= 0 && written <= 1 ? written : undefined),
    write: tomlText,
  };
}

export function integer(
  byDefault: number,
  words: Words & { readonly min: number; readonly max?: number },
): KeySpec<number> {
  const max = words.max ?? Number.MAX_SAFE_INTEGER;
  return {
    type: "integer",
    expected: `a whole number ${words.max === undefined ? `of ${words.min} or more` : `from ${words.min} to ${max}`}`,
    default: byDefault,
    ...described(words),
    read: (written) =>
      Number.isInteger(written) && (written as number) >= words.min && (written as number) <= max
        ? (written as number)
        : undefined,
    write: tomlText,
  };
}

/** Also reads the words "true" and "false": Namazu did, and published configs rely on it. */
export function boolean(byDefault: boolean, words: Words): KeySpec<boolean> {
  return {
    type: "boolean",
    expected: "true or false",
    default: byDefault,
    ...described(words),
    read: (written) => {
      if (typeof written === "boolean") return written;
      const word = typeof written === "string" ? written.toLowerCase() : undefined;
      return word === "true" ? true : word === "false" ? false : undefined;
    },
    write: tomlText,
  };
}

export function text(byDefault: string, words: Words): KeySpec<string> {
  return {
    type: "string",
    expected: "a string",
    default: byDefault,
    ...described(words),
    read: (written) => (typeof written === "string" ? written : undefined),
    write: tomlText,
  };
}

export function choice<const Word extends string>(
  byDefault: NoInfer<Word>,
  choices: readonly Word[],
  words: Words,
): KeySpec<Word> {
  return {
    type: "string",
    expected: `one of ${choices.map((word) => `"${word}"`).join(", ")}`,
    default: byDefault,
    choices,
    ...described(words),
    read: (written) => choices.find((word) => word === written),
    write: tomlText,
  };
}

/** A list of any strings, or of some known words without repetition. One bare string is a list of one. */
export function list<const Word extends string = string>(
  byDefault: readonly NoInfer<Word>[],
  words: Words & { readonly choices?: readonly Word[] },
): KeySpec<readonly Word[]> {
  const { choices } = words;
  const known = choices === undefined ? "strings" : choices.map((word) => `"${word}"`).join(", ");
  const expected = choices === undefined ? "a string" : `one of ${known}`;
  return {
    type: "list of strings",
    expected: choices === undefined ? "a list of strings" : `a list of any of ${known}`,
    default: byDefault,
    ...(choices === undefined ? {} : { choices }),
    ...described(words),
    read: (written, path, report) => {
      const items = typeof written === "string" ? [written] : written;
      if (!Array.isArray(items)) return undefined;
      const wrong = items.findIndex(
        (item) => typeof item !== "string" || (choices !== undefined && !choices.includes(item as Word)),
      );
      if (wrong < 0) return Object.freeze([...new Set(items as Word[])]);
      const got: unknown = items[wrong];
      const meant = typeof got === "string" && choices !== undefined ? nearest(got, choices) : undefined;
      const at = items === written ? [...path, wrong] : path;
      report({ path: at, kind: "wrong", expected, got, nearest: meant });
      return undefined;
    },
    write: tomlText,
  };
}

function described({ meaning, defaultText, aliases }: Words): Words {
  return {
    meaning,
    ...(defaultText === undefined ? {} : { defaultText }),
    ...(aliases === undefined ? {} : { aliases }),
  };
}

function tryParseDuration(written: string | number): number | undefined {
  try {
    return parseDurationMs(written);
  } catch {
    return undefined;
  }
}
