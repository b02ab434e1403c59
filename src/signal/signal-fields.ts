import type { JsonValue, Option } from "./json.js";

/** A signal that is none, or not whole: which key, what was expected there, and what came. */
export class SignalError extends Error {
  /** `option.op`, `procs[3]`; the whole value's name when it is no object. */
  readonly key: string;

  constructor(key: string, expected: string, got: unknown) {
    super(`${key}: expected ${expected}, got ${shown(got)}`);
    this.name = "SignalError";
    this.key = key;
  }
}

const maxShown = 80;

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = jsonText(value);
  return text.length <= maxShown ? text : `${text.slice(0, maxShown)}… (${text.length} characters)`;
}

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return `${Array.isArray(value) ? "an array" : "an object"} nested too deep to be shown`;
  }
}

/** Far more than any inspector sends, far less than what JSON.stringify, which recurses, has stack for. */
const maxLevels = 200;

/** What is read can be written again, to a trace or another wire. Throws SignalError, naming the member. */
export function checkNesting(object: Option, prefix = "", levels = maxLevels): void {
  for (const [key, value] of Object.entries(object)) {
    if (typeof value !== "object" || value === null) continue;
    if (key === "option" && prefix === "" && !Array.isArray(value)) {
      checkNesting(value as Option, "option.", levels - 1);
    } else if (isDeeper(value, levels - 1)) {
      throw new SignalError(`${prefix}${key}`, `at most ${maxLevels} levels of nesting`, value);
    }
  }
}

function isDeeper(value: JsonValue | undefined, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

function named(where: string, key: string): string {
  return where === "option" ? `option.${key}` : key;
}

export function asObject(value: unknown, name: string): Option {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Option;
  throw new SignalError(name, "a JSON object", value);
}

function own(object: Option, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function requiredText(object: Option, where: string, key: string): string {
  const value = own(object, key);
  if (typeof value === "string" && (where === "option" || value !== "")) return value;
  throw new SignalError(
    named(where, key),
    where === "option" ? "a string" : "a string that is not empty",
    value,
  );
}

/** Undefined when the key is missing or null, as Go writes a string that is not there. */
export function optionalText(object: Option, where: string, key: string): string | undefined {
  const value = own(object, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw new SignalError(named(where, key), "a string", value);
}

export function requiredChoice<const T extends string>(
  object: Option,
  where: string,
  key: string,
  choices: readonly T[],
): T {
  const value = own(object, key);
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  throw new SignalError(named(where, key), `one of ${choices.join(", ")}`, value);
}

export function textList(object: Option, where: string, key: string): readonly string[] {
  const value = own(object, key);
  if (!Array.isArray(value)) throw new SignalError(named(where, key), "an array of strings", value);
  return value.map((item: unknown, index) => {
    if (typeof item === "string") return item;
    throw new SignalError(`${named(where, key)}[${index}]`, "a string", item);
  });
}

export function textTable(
  object: Option,
  where: string,
  key: string,
): Readonly<Record<string, string>> | undefined {
  const value = own(object, key);
  if (value === undefined || value === null) return undefined;
  const table = asObject(value, named(where, key));
  for (const [name, item] of Object.entries(table)) {
    if (typeof item !== "string") throw new SignalError(`${named(where, key)}.${name}`, "a string", item);
  }
  return table as Readonly<Record<string, string>>;
}
