import type { FilesystemFault, PacketFault, ProcessFault } from "./fault.js";
import type { JsonValue, Option } from "./json.js";
import { asObject, SignalError } from "./signal-fields.js";

/** What a field of a fault must be, in words, and whether a value is. */
interface FieldRule {
  readonly expected: string;
  readonly accepts: (value: JsonValue | undefined) => boolean;
}

function number(expected: string, accepts: (value: number) => boolean): FieldRule {
  return {
    expected,
    accepts: (value) => typeof value === "number" && Number.isFinite(value) && accepts(value),
  };
}

function word(...words: readonly string[]): FieldRule {
  return { expected: words.join(" or "), accepts: (value) => words.includes(value as string) };
}

function matching(expected: string, pattern: RegExp): FieldRule {
  return { expected, accepts: (value) => typeof value === "string" && pattern.test(value) };
}

// A timer in Node holds no longer.
const longestMs = 2 ** 31 - 1;
const place = number("a number from 0 up to 1", (value) => value >= 0 && value < 1);
const duration = number("milliseconds, 0 or more", (value) => value >= 0 && value <= longestMs);
const count = (max: number) =>
  number(`a whole number from 1 to ${max}`, (value) => Number.isInteger(value) && value >= 1 && value <= max);
const chosen = { process: matching("the name of a process", /^[^/\0]+$/), place };

type Rules = Readonly<Record<string, Readonly<Record<string, FieldRule>>>>;

const packetRules: Rules = {
  drop: {},
  duplicate: { copies: count(16) },
  corrupt: { place, bits: count(64), checksum: word("right", "wrong") },
  reorder: { packets: count(1000), withinMs: duration },
  reject: {},
};

const filesystemRules: Rules = {
  errno: { errno: matching("the name of an error, such as ENOSPC", /^E[A-Z0-9]+$/) },
  short: { share: place },
  torn: { share: place },
  "bit-flip": { place },
  listing: {
    order: word("reversed", "shuffled", "stale"),
    seed: number("a whole number from 0 to 4294967295", (value) => value >>> 0 === value),
  },
};

const processRules: Rules = {
  pause: { ...chosen, forMs: duration },
  kill: { ...chosen, signal: matching("the name of a signal, such as SIGKILL", /^SIG[A-Z0-9]+$/) },
  restart: { ...chosen, downMs: duration },
  affinity: { ...chosen, cpus: count(8192), cpuPlace: place },
};

/** The fault in an action's option; undefined where it has none, as all of Namazu's. Throws SignalError. */
export function packetFaultFrom(option: Option): PacketFault | undefined {
  return faultFrom(option, packetRules) as PacketFault | undefined;
}

/** As `packetFaultFrom`. */
export function filesystemFaultFrom(option: Option): FilesystemFault | undefined {
  return faultFrom(option, filesystemRules) as FilesystemFault | undefined;
}

/** As `packetFaultFrom`. */
export function processFaultFrom(option: Option): ProcessFault | undefined {
  return faultFrom(option, processRules) as ProcessFault | undefined;
}

function faultFrom(option: Option, rules: Rules): Option | undefined {
  const given = option["fault"];
  if (given === undefined || given === null) return undefined;
  const fault = asObject(given, "option.fault");
  const kind = fault["kind"];
  if (typeof kind !== "string" || !Object.hasOwn(rules, kind)) {
    throw new SignalError("option.fault.kind", `one of ${Object.keys(rules).join(", ")}`, kind);
  }
  const fields = rules[kind]!;
  const read: Record<string, JsonValue> = { kind };
  for (const [name, rule] of Object.entries(fields)) {
    const value = Object.hasOwn(fault, name) ? fault[name] : undefined;
    if (!rule.accepts(value)) throw new SignalError(`option.fault.${name}`, rule.expected, value);
    read[name] = value as JsonValue;
  }
  return read;
}
