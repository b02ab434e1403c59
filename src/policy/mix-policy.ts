import {
  isPlainTable,
  type KeyPath,
  type KeySpec,
  type KeyTable,
  type ReportProblem,
  readTable,
  tomlText,
} from "../config/index.js";
import { nearest } from "../util/index.js";
import type { Policy, PolicyContext } from "./policy.js";
import { builtInPolicy, type PolicyEntry } from "./policy-entry.js";

/** The key of each class of events; what is not here is `others`. */
const keyOfClass: Readonly<Record<string, string>> = {
  PacketEvent: "packets",
  FilesystemEvent: "files",
  ProcSetEvent: "threads",
  JavaFunctionEvent: "calls",
};

const meanings: Readonly<Record<string, string>> = {
  packets: "who decides on packets",
  files: "who decides on file operations",
  threads: "who decides how threads are scheduled",
  calls: "who decides on calls in a JVM",
  others: "who decides on everything else",
};

/** A policy that was chosen, with its parameters read. */
interface Part<P extends Policy = Policy> {
  readonly entry: PolicyEntry<P>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly written: Readonly<Record<string, unknown>>;
  /** As a config has it: for whoever lists defaults as data. */
  toJSON(): object;
}

function partOf<P extends Policy>({ entry, values, written }: Omit<Part<P>, "toJSON">): Part<P> {
  return { entry, values, written, toJSON: () => ({ policy: entry.name, ...written }) };
}

/**
 * Each class of event its own policy, of which every one is as it is alone: the same seed decides the same.
 *
 * After the finding that no one strategy finds all bugs: P. Thomson, A. Donaldson, A. Betts, "Concurrency Testing
 * Using Controlled Schedulers: An Empirical Study" (ACM TOPC 2016).
 */
export function mixPolicyOf<P extends Policy>(parts: readonly PolicyEntry<P>[]): PolicyEntry<P> {
  const known = new Map(parts.map((entry) => [entry.name, entry]));
  const params = Object.fromEntries(Object.keys(meanings).map((key) => [key, partKey(key, known)]));
  return builtInPolicy<KeyTable, P>({
    name: "mix",
    summary:
      'Gives each class of event a policy of its own, with that policy\'s parameters beside its name: `packets = { policy = "pct", slow = 0.1 }`.',
    params: params as KeyTable,
    warnings: (values) =>
      Object.values(values as Record<string, Part>).flatMap(
        ({ entry, values }) => entry.warnings?.(values) ?? [],
      ),
    create: (values, context) => mixOf(values as Record<string, Part<P>>, context),
  });
}

function mixOf<P extends Policy>(parts: Readonly<Record<string, Part<P>>>, context: PolicyContext): P {
  const made = Object.fromEntries(
    Object.entries(parts).map(([key, { entry, values }]) => [key, entry.create(values, context)]),
  );
  const others = made["others"]!;
  const ofClass = Object.fromEntries(
    Object.entries(keyOfClass).map(([eventClass, key]) => [eventClass, made[key]!]),
  );
  const bounds = Object.values(made).flatMap(({ answerWithinMs }) => answerWithinMs ?? []);
  const mix: Policy = {
    name: "mix",
    ...(bounds.length === 0 ? {} : { answerWithinMs: Math.max(...bounds) }),
    onEvent: (event) => (ofClass[event.class] ?? others).onEvent(event),
  };
  return mix as P; // it answers as its parts do
}

/** `{ policy = "pct", slow = 0.1 }`, read by that policy's own table. */
function partKey<P extends Policy>(
  key: string,
  known: ReadonlyMap<string, PolicyEntry<P>>,
): KeySpec<Part<P>> {
  const byName = (name: string): Part<P> => {
    const entry = known.get(name)!;
    return partOf({ entry, values: readTable(entry.params, {}).values, written: {} });
  };
  const names = [...known.keys()];
  const expected = `a table with policy = ${names.map((name) => `"${name}"`).join(", ")} and its parameters`;
  return {
    type: "table",
    expected,
    default: byName("random"),
    defaultText: '`{ policy = "random" }`',
    meaning: meanings[key]!,
    read: (written, path, report) => readPart(written, path, report, known),
    write: ({ entry, written }) => tomlText({ policy: entry.name, ...written }),
  };
}

function readPart<P extends Policy>(
  written: unknown,
  path: KeyPath,
  report: ReportProblem,
  known: ReadonlyMap<string, PolicyEntry<P>>,
): Part<P> | undefined {
  if (!isPlainTable(written)) return undefined;
  const named = Object.keys(written).find((name) => name.toLowerCase() === "policy");
  const { [named ?? "policy"]: name = "random", ...rest } = written;
  const entry = typeof name === "string" ? known.get(name) : undefined;
  if (entry === undefined) {
    report({
      path: [...path, named ?? "policy"],
      kind: "wrong",
      expected: `one of ${[...known.keys()].map((each) => `"${each}"`).join(", ")}`,
      got: name,
      nearest: typeof name === "string" ? nearest(name, known.keys()) : undefined,
    });
    return undefined;
  }
  const { values, problems } = readTable(entry.params, rest, path);
  for (const problem of problems) report(problem);
  const wrong = problems.length === 0 ? entry.check?.(values) : undefined;
  if (wrong !== undefined) report({ ...wrong, path: [...path, ...wrong.path] });
  return problems.length === 0 && wrong === undefined ? partOf({ entry, values, written: rest }) : undefined;
}
