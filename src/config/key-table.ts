import { nearest } from "../util/index.js";

/** Where a key stands in the file: `["container", "restPort"]`, `["ethernet", "match", 0, "ports"]`. */
export type KeyPath = readonly (string | number)[];

export type ReportProblem = (problem: KeyProblem) => void;

/** What is wrong with one key. */
export interface KeyProblem {
  /** As the user spelled it. */
  readonly path: KeyPath;
  readonly kind: "unknown" | "wrong" | "twice";
  /** Of a wrong value: what should have been there, in words. */
  readonly expected?: string;
  readonly got?: unknown;
  /** The known key or word that was probably meant. */
  readonly nearest?: string | undefined;
}

/** One key: its type, default, meaning, and how a written value is read. The table of them is the single truth. */
export interface KeySpec<Value> {
  /** One or two words for the docs: "duration", "list of strings". */
  readonly type: string;
  /** What a value must be, as it follows "expected". */
  readonly expected: string;
  readonly default: Value;
  /** How the docs write the default, where the value does not say it. */
  readonly defaultText?: string;
  readonly meaning: string;
  /** Other names of the key, dotted and in full. */
  readonly aliases?: readonly string[];
  /** The words that a value may be, if only some are known. */
  readonly choices?: readonly string[];
  /**
   * The value, or undefined when it is none of this type. Whoever reads a nested structure reports the exact
   * place itself; undefined without a report means "wrong, as `expected` says".
   */
  read(written: unknown, path: KeyPath, report: ReportProblem): Value | undefined;
  /** The value as TOML, such that `read` takes it back. */
  write(value: Value): string;
}

/** Dotted keys make nested tables: `procPolicyParam.useBatch`. */
export type KeyTable = Readonly<Record<string, KeySpec<unknown>>>;

export type ValuesOf<T extends KeyTable> = {
  readonly [K in keyof T]: T[K] extends KeySpec<infer Value> ? Value : never;
};

export interface TableReading<T extends KeyTable> {
  /** Every key of the table, read or by default. */
  readonly values: ValuesOf<T>;
  /** The keys that were written, as the table spells them, and where. */
  readonly given: ReadonlyMap<string, KeyPath>;
  readonly problems: readonly KeyProblem[];
}

/** A nested object, as opposed to a list, a date or nothing. */
export function isPlainTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Reads what was written against the table. Keys are case-insensitive at every level, as in Namazu. Never throws. */
export function readTable<T extends KeyTable>(
  table: T,
  written: Readonly<Record<string, unknown>>,
  at: KeyPath = [],
): TableReading<T> {
  const spelling = new Map<string, string>();
  for (const [key, spec] of Object.entries(table)) {
    for (const name of [key, ...(spec.aliases ?? [])]) spelling.set(name.toLowerCase(), key);
  }
  const groups = groupsOf(table);
  const values: Record<string, unknown> = {};
  const given = new Map<string, KeyPath>();
  const problems: KeyProblem[] = [];
  const report: ReportProblem = (problem) => problems.push(problem);

  const readLevel = (level: Readonly<Record<string, unknown>>, prefix: string, levelPath: KeyPath): void => {
    for (const [name, value] of Object.entries(level)) {
      const path = [...levelPath, name];
      const wanted = `${prefix}${name}`.toLowerCase();
      const key = spelling.get(wanted);
      if (key !== undefined) readKey(key, value, path);
      else if (!groups.has(wanted)) report({ path, kind: "unknown", nearest: nearestKey(wanted, prefix) });
      else if (isPlainTable(value)) readLevel(value, `${wanted}.`, path);
      else report({ path, kind: "wrong", expected: "a table of keys", got: value });
    }
  };
  const readKey = (key: string, value: unknown, path: KeyPath): void => {
    if (given.has(key)) {
      report({ path, kind: "twice" });
      return;
    }
    given.set(key, path);
    const spec = table[key]!;
    const before = problems.length;
    const read = spec.read(value, path, report);
    if (read !== undefined) values[key] = read;
    else if (problems.length === before) report(wrongValue(spec, value, path));
  };
  const nearestKey = (wanted: string, prefix: string): string | undefined => {
    const siblings = [...spelling.values(), ...groups.values()].filter((key) =>
      key.toLowerCase().startsWith(prefix),
    );
    return nearest(wanted, siblings) ?? nearest(wanted.slice(prefix.length), [...spelling.values()]);
  };

  readLevel(written, "", at);
  for (const [key, spec] of Object.entries(table))
    if (!Object.hasOwn(values, key)) values[key] = spec.default;
  return { values: Object.freeze(values) as ValuesOf<T>, given, problems };
}

function groupsOf(table: KeyTable): Map<string, string> {
  const groups = new Map<string, string>();
  for (const key of Object.keys(table)) {
    for (let dot = key.indexOf("."); dot >= 0; dot = key.indexOf(".", dot + 1)) {
      groups.set(key.slice(0, dot).toLowerCase(), key.slice(0, dot));
    }
  }
  return groups;
}

function wrongValue(spec: KeySpec<unknown>, got: unknown, path: KeyPath): KeyProblem {
  const meant = typeof got === "string" && spec.choices ? nearest(got, spec.choices) : undefined;
  return { path, kind: "wrong", expected: spec.expected, got, nearest: meant };
}
