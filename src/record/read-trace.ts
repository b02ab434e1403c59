import {
  type CrashFault,
  type FilesystemFault,
  filesystemFaultFrom,
  type Option,
  type PacketFault,
  type ProcessFault,
  packetFaultFrom,
  processFaultFrom,
  type SchedAttributes,
} from "../signal/index.js";
import { messageOf, NmzError } from "../util/index.js";
import { readLines } from "./read-lines.js";
import type { RecordedDecision } from "./recorded-decision.js";
import { traceVersion } from "./trace-version.js";

/** A command that the policy ran, and when, in milliseconds since the run's start. */
export interface RecordedCommand {
  readonly command: string;
  readonly atMs: number;
}

/** File systems that lost what was not synced, at no event; `filesystem` is an entity, missing: all of them. */
export interface RecordedCrash {
  readonly filesystem?: string;
  readonly atMs: number;
}

export type TraceEntry =
  | { readonly kind: "decision"; readonly decision: RecordedDecision }
  | { readonly kind: "command"; readonly command: RecordedCommand }
  | { readonly kind: "crash"; readonly crash: RecordedCrash };

type Line = Readonly<Record<string, unknown>>;

/**
 * What a trace says, line by line, in the order in which actions were carried out; docs/trace.md has the format. Read as it
 * is asked for, so a trace may be longer than memory. A last line that was cut off is left out. Throws NMZ_TRACE_UNREADABLE,
 * NMZ_TRACE_VERSION and NMZ_TRACE_DAMAGED, the latter with the line's number.
 */
export function* readTrace(file: string): Generator<TraceEntry> {
  const crashes = new CrashesAtEvents();
  for (const line of readTraceActions(file)) {
    const entry = crashes.merged(line);
    if (entry !== undefined) yield entry;
  }
  for (const decision of crashes.rest()) yield { kind: "decision", decision };
}

/** The same, action by action: what crashed at an event, and what was answered to it, are two. */
export function* readTraceActions(file: string): Generator<TraceEntry> {
  try {
    for (const { number, text } of readLines(file)) {
      const where = `${file}:${number}`;
      const line = parse(text, where);
      if (number === 1) checkVersion(line, where);
      else yield entryOf(line, where);
    }
  } catch (error) {
    if (error instanceof NmzError) throw error;
    throw new NmzError("NMZ_TRACE_UNREADABLE", `cannot read the trace "${file}": ${messageOf(error)}`, {
      hint: "a run leaves one when it is given --nmz-out",
      cause: error,
    });
  }
}

/** The decisions of `readTrace`. */
export function* readDecisions(file: string): Generator<RecordedDecision> {
  for (const entry of readTrace(file)) if (entry.kind === "decision") yield entry.decision;
}

function parse(text: string, where: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(where, `it is no JSON (${messageOf(error)})`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw damaged(where, "it is no object");
  return value as Line;
}

function checkVersion({ nmzTrace: version }: Line, where: string): void {
  if (version === traceVersion) return;
  const what =
    version === undefined ? "it is no trace" : `it is a trace of version ${JSON.stringify(version)}`;
  throw new NmzError("NMZ_TRACE_VERSION", `${where}: ${what}, and this nmz reads version ${traceVersion}`, {
    hint: "record the run again with this nmz, or read it with the one that wrote it",
  });
}

const crashAction = "FilesystemCrashAction";

function filesystemIn({ filesystem }: Line): { readonly filesystem?: string } {
  return typeof filesystem === "string" ? { filesystem } : {};
}

/** A crash at an event has a line of its own, before that of what was answered to the event: they are one decision. */
class CrashesAtEvents {
  readonly #waiting = new Map<string, RecordedDecision>();

  /** Undefined: the rest of it is still to come. */
  merged(entry: TraceEntry): TraceEntry | undefined {
    if (entry.kind !== "decision") return entry;
    const { decision } = entry;
    const key = `${decision.n}|${decision.entity}|${decision.hint}`;
    if (decision.fault?.kind === "crash") {
      this.#waiting.set(key, decision);
      return undefined;
    }
    const crash = this.#waiting.size === 0 ? undefined : this.#waiting.get(key);
    if (crash === undefined) return entry;
    this.#waiting.delete(key);
    return { kind: "decision", decision: { ...decision, fault: crash.fault! } };
  }

  /** Of events that nobody answered any more. */
  rest(): Iterable<RecordedDecision> {
    return this.#waiting.values();
  }
}

function entryOf(line: Line, where: string): TraceEntry {
  if (line["event"] === undefined && line["action"] === crashAction) {
    return { kind: "crash", crash: { ...filesystemIn(line), atMs: numberIn(line, "t", where) } };
  }
  if (line["event"] === undefined) {
    const command = typeof line["command"] === "string" ? line["command"] : "";
    return { kind: "command", command: { command, atMs: numberIn(line, "t", where) } };
  }
  return { kind: "decision", decision: decisionIn(line, where) };
}

const ownKeys = new Set([
  ...["t", "action", "event", "entity", "hint", "n", "arrived", "delayMs", "fault", "attrs", "threads"],
  "filesystem",
]);

function decisionIn(line: Line, where: string): RecordedDecision {
  const n = numberIn(line, "n", where);
  if (!Number.isInteger(n) || n < 1) throw damaged(where, `"n" is ${n}, and no number from 1`);
  const fault = faultIn(line, where);
  const attributes = attributesIn(line, where);
  const about: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(line)) {
    const isPlain = ["string", "number", "boolean"].includes(typeof value);
    if (isPlain && !ownKeys.has(key)) about[key] = value as string | number | boolean;
  }
  return {
    entity: textIn(line, "entity", where),
    hint: textIn(line, "hint", where),
    n,
    event: textIn(line, "event", where),
    delayMs: numberIn(line, "delayMs", where),
    ...(fault === undefined ? {} : { fault }),
    ...(attributes === undefined ? {} : { attributes }),
    arrivedMs: numberIn(line, "arrived", where),
    atMs: numberIn(line, "t", where),
    about,
  };
}

const faultReaders: Readonly<
  Record<string, (option: Option) => PacketFault | FilesystemFault | ProcessFault | undefined>
> = {
  PacketEvent: packetFaultFrom,
  FilesystemEvent: filesystemFaultFrom,
  ProcSetEvent: processFaultFrom,
};

function faultIn(line: Line, where: string): RecordedDecision["fault"] {
  if (line["action"] === crashAction) {
    const isAnswer = Number(line["delayMs"] ?? 0) > 0 ? ({ isAnswer: true } as const) : {};
    return { kind: "crash", ...filesystemIn(line), ...isAnswer } satisfies CrashFault;
  }
  if (line["fault"] === undefined) return undefined;
  try {
    const read = faultReaders[String(line["event"])];
    if (read === undefined) throw new Error(`a ${String(line["event"])} has no faults`);
    return read({ fault: line["fault"] } as Option);
  } catch (error) {
    throw damaged(where, messageOf(error));
  }
}

const noAttributes: SchedAttributes = {
  Policy: 0,
  Flags: 0,
  Nice: 0,
  Priority: 0,
  Runtime: 0,
  Deadline: 0,
  Period: 0,
};

function attributesIn(line: Line, where: string): RecordedDecision["attributes"] {
  const byThread = line["attrs"];
  if (byThread === undefined) return undefined;
  const { threads } = line;
  if (typeof byThread !== "object" || byThread === null || !Array.isArray(threads)) {
    throw damaged(where, '"attrs" are by thread, and "threads" lists those');
  }
  const given = byThread as Readonly<Record<string, object>>;
  if (Object.keys(given).length === 0) return undefined;
  return threads.map((thread) => {
    const attributes = given[String(thread)];
    return attributes === undefined ? undefined : { ...noAttributes, ...attributes };
  });
}

function textIn(line: Line, key: string, where: string): string {
  const value = line[key];
  if (typeof value !== "string") throw damaged(where, `"${key}" is no text`);
  return value;
}

function numberIn(line: Line, key: string, where: string): number {
  const value = line[key];
  if (typeof value !== "number") throw damaged(where, `"${key}" is no number`);
  return value;
}

function damaged(where: string, what: string): NmzError {
  return new NmzError("NMZ_TRACE_DAMAGED", `${where}: ${what}`, {
    hint: "the file was changed after the run; delete the line, and the rest can be replayed",
  });
}
