import { filesystemHooks } from "../signal/index.js";
import { nearest } from "../util/index.js";
import type { Direction, PortRange } from "./autopilot.js";
import { type FaultKind, type FaultSubject, faultKindOf, faultNames } from "./fault-kinds.js";
import { duration, integer, list, probability, text } from "./key-kinds.js";
import {
  isPlainTable,
  type KeyPath,
  type KeySpec,
  type KeyTable,
  type ReportProblem,
  readTable,
} from "./key-table.js";
import { packetMatchKeys } from "./packet-match-kind.js";
import { tomlKey, tomlText } from "./toml-text.js";

/** One entry of `[[faults]]`. Lists are "any of"; an empty one, and an empty text, is "all". */
export interface FaultRule {
  /** As the config names it: `drop`, `ENOSPC`, … */
  readonly fault: string;
  readonly on: FaultSubject;
  readonly probability: number;
  readonly entity: string;
  /** Since the first event of the run. */
  readonly afterMs: number;
  readonly untilMs: number | undefined;
  readonly skip: number;
  /** 0: no bound. */
  readonly atMost: number;
  readonly packets: {
    readonly protocol: readonly string[];
    readonly ports: readonly PortRange[];
    readonly directions: readonly Direction[];
    readonly from: readonly string[];
    readonly to: readonly string[];
  };
  readonly files: {
    readonly op: readonly (typeof filesystemHooks)[number][];
    readonly path: readonly string[];
  };
  /** Names as in /proc/PID/comm; `*` is any characters. */
  readonly process: string;
  /** The fault's own keys. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** As it was written, for printing. */
  readonly written: string;
}

/** Keys of every rule. */
export const anyRuleKeys = {
  fault: text("", { defaultText: "must be given", meaning: "its name, of the list above" }),
  probability: probability(1, { meaning: "chance that an event which the rule matches gets the fault" }),
  entity: text("", {
    defaultText: "any",
    meaning: "the inspector that saw the event; `*` is any characters",
  }),
  after: duration(0, { meaning: "not before so long after the run's first event" }),
  until: duration(undefined, { defaultText: "the end", meaning: "not later than so long after it" }),
  skip: integer(0, { min: 0, meaning: "leaves the first so many matches alone" }),
  atMost: integer(0, { min: 0, defaultText: "any number", meaning: "does no more faults than that" }),
} as const;

/** Keys of rules for packets, for files, for processes. */
export const matcherKeys: Readonly<Record<FaultSubject, KeyTable>> = {
  packets: {
    ...packetMatchKeys,
    directions: { ...packetMatchKeys.directions, meaning: "packets that leave or enter; none given: both" },
    from: list([], {
      meaning: 'addresses that sent it, such as "10.0.0.2" or "10.0.0.2:80"; `*` is any characters',
    }),
    to: list([], { meaning: "addresses that it goes to, likewise" }),
  },
  files: {
    op: list([], {
      choices: filesystemHooks,
      aliases: ["ops"],
      defaultText: "what the fault is for",
      meaning: "file operations, as in `fs.hooks`, which need not name them",
    }),
    path: list([], {
      meaning:
        "files below the volume: `*` any characters but `/`, `**` any; without a slash, the file's name in any folder",
    }),
  },
  processes: {
    process: text("*", { meaning: "the process's name, as in /proc/PID/comm; `*` is any characters" }),
  },
};

/** `[[faults]]`: each rule is read by the table of the fault that it names. */
export const faultRules: KeySpec<readonly FaultRule[]> = {
  type: "list of tables",
  expected: 'a list of tables such as { fault = "drop", probability = 0.1 }',
  default: Object.freeze([]),
  defaultText: "[]",
  meaning: "faults besides those of the policy, and what they are done to: see [faults](faults.md)",
  read: (written, path, report) => {
    const entries = Array.isArray(written) ? written : [written];
    if (!entries.every(isPlainTable)) return undefined;
    const rules = entries.map((entry, index) =>
      readRule(entry, Array.isArray(written) ? [...path, index] : path, report),
    );
    return Object.freeze(rules.filter((rule) => rule !== undefined));
  },
  write: (rules) => `[${rules.map(({ written }) => written).join(", ")}]`,
};

function readRule(
  entry: Readonly<Record<string, unknown>>,
  path: KeyPath,
  report: ReportProblem,
): FaultRule | undefined {
  const key = Object.keys(entry).find((name) => name.toLowerCase() === "fault");
  const named = key === undefined ? undefined : entry[key];
  const fault = typeof named === "string" ? nameOf(named) : undefined;
  const kind = fault === undefined ? undefined : faultKindOf(fault);
  if (fault === undefined || kind === undefined) {
    report({
      path: key === undefined ? path : [...path, key],
      kind: "wrong",
      expected: 'a rule with fault = the name of a fault, such as "drop" or "ENOSPC"',
      got: key === undefined ? undefined : named,
      nearest: typeof named === "string" ? nearest(named, faultNames()) : undefined,
    });
    return undefined;
  }
  const table: KeyTable = { ...anyRuleKeys, ...matcherKeys[kind.on], ...kind.settings };
  const reading = readTable(table, entry, path);
  reading.problems.forEach(report);
  if (reading.problems.length > 0) return undefined;
  const { values, given } = reading;
  const wrong = contradiction(fault, kind, values);
  if (wrong !== undefined) {
    report({ path: given.get(wrong.key) ?? path, kind: "wrong", expected: wrong.expected, got: wrong.got });
    return undefined;
  }
  const parts = [...given.keys()].map((name) =>
    name === "fault"
      ? `fault = ${tomlText(fault)}`
      : `${tomlKey(name)} = ${table[name]!.write(values[name])}`,
  );
  return ruleOf(fault, kind, values, `{ ${parts.join(", ")} }`);
}

/** Names are case-insensitive, as keys are. */
function nameOf(written: string): string {
  return faultNames().find((name) => name.toLowerCase() === written.toLowerCase()) ?? written;
}

type Values = Readonly<Record<string, unknown>>;

function contradiction(
  fault: string,
  kind: FaultKind,
  values: Values,
): { readonly key: string; readonly expected: string; readonly got: unknown } | undefined {
  const { after, until, between, lasts, every } = values as Record<string, number | undefined>;
  if (until !== undefined && until <= after!) {
    return { key: "until", expected: "a time later than after", got: `${until}ms` };
  }
  if (fault === "partition" && (between as unknown as readonly unknown[]).length === 0) {
    return {
      key: "fault",
      expected: 'a partition with between = [["10.0.0.2"], ["10.0.0.3"]]',
      got: undefined,
    };
  }
  if (every !== undefined && (lasts === undefined || every <= lasts)) {
    return { key: "every", expected: "a time longer than lasts", got: `${every}ms` };
  }
  const possible = kind.on === "files" && isBoundToItsOps(fault) ? kind.op : undefined;
  const op = possible && (values["op"] as FaultRule["files"]["op"]).find((each) => !possible.includes(each));
  if (op !== undefined)
    return { key: "op", expected: `only ${possible!.join(", ")}, with ${fault}`, got: op };
  return undefined;
}

/** A delay and an error are possible everywhere. */
function isBoundToItsOps(fault: string): boolean {
  return fault !== "slow-fsync" && /^[a-z]/.test(fault);
}

function ruleOf(fault: string, kind: FaultKind, values: Values, written: string): FaultRule {
  const any = values as Readonly<Record<keyof typeof anyRuleKeys, never>>;
  const {
    protocol = [],
    ports = [],
    directions = [],
    from = [],
    to = [],
    path = [],
  } = values as Record<string, never>;
  const op = (values["op"] ?? []) as FaultRule["files"]["op"];
  const settings = Object.keys(kind.settings).map((name) => [name, values[name]]);
  return Object.freeze({
    fault,
    on: kind.on,
    probability: any.probability,
    entity: any.entity,
    afterMs: any.after,
    untilMs: any.until,
    skip: any.skip,
    atMost: any.atMost,
    packets: { protocol, ports, directions, from, to },
    files: { op: op.length > 0 ? op : (kind.op ?? []), path },
    process: (values["process"] as string | undefined) ?? "*",
    settings: Object.freeze(Object.fromEntries(settings)),
    written,
  });
}
