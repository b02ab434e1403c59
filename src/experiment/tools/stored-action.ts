import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readRun, readTraceActions } from "../../record/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import { decodeGob, type GobValue, goTimeMs } from "../gob/index.js";
import { names } from "../storage/index.js";

/** JSON of a signal, as it was stored: old storages have other classes and keys than ours. */
export type SignalMap = Readonly<Record<string, unknown>>;

/** One action of a trace with the event it answers. Times in milliseconds since 1970; undefined: nobody kept them. */
export interface StoredAction {
  readonly action: SignalMap;
  readonly event: SignalMap | undefined;
  readonly triggeredMs: number | undefined;
  readonly arrivedMs: number | undefined;
}

/**
 * What happened in a run, in order: from Namazu's `history` (any since 2015), or from actions/ with the times of our own
 * trace. `path` is a run's folder or its `history`. Throws NMZ_EXPERIMENT_TRACE.
 */
export function readStoredActions(path: string): Iterable<StoredAction> {
  const isHistory = basename(path) === names.history;
  const folder = isHistory ? dirname(path) : path;
  const history = isHistory || !existsSync(join(path, names.actions)) ? path : join(path, names.history);
  try {
    if (existsSync(history) && !existsSync(join(history, names.actions)))
      return fromHistory(readHistory(history));
    return fromActions(folder);
  } catch (error) {
    throw new NmzError("NMZ_EXPERIMENT_TRACE", `cannot read the trace "${path}": ${messageOf(error)}`, {
      hint: "give the `history` of a run that Namazu made, or the folder of a run",
      cause: error,
      exitCode: 1,
    });
  }
}

function readHistory(path: string): GobValue {
  const file = existsSync(join(path, names.history)) ? join(path, names.history) : path;
  return decodeGob(readFileSync(file));
}

function* fromHistory(trace: GobValue): Generator<StoredAction> {
  const sequence = (trace as { readonly ActionSequence?: readonly GobValue[] } | undefined)?.ActionSequence;
  for (const value of sequence ?? []) {
    const parts = partsOf(value);
    const cause = parts["CauseEvent"] ?? parts["Evt"];
    const event = cause === undefined ? {} : partsOf(cause);
    yield {
      action: plain(parts["M"] ?? parts["ActionParam"]),
      event: cause === undefined ? undefined : plain(event["M"] ?? event["EventParam"]),
      triggeredMs: timeIn(parts["Triggered"]),
      arrivedMs: timeIn(event["Arrived"] ?? event["ArrivedTime"]),
    };
  }
}

/** The fields of a signal: its structs are embedded one in another, each the first field of the next. */
function partsOf(value: GobValue): Readonly<Record<string, GobValue>> {
  let parts: Record<string, GobValue> = {};
  for (let level: GobValue = value; isStruct(level); ) {
    parts = { ...level, ...parts };
    if (level["M"] !== undefined) break;
    const embedded: string | undefined = Object.keys(level).find(
      (name) => /^Basic|Event$/.test(name) && name !== "CauseEvent",
    );
    level = embedded === undefined ? undefined : level[embedded];
  }
  return parts;
}

function isStruct(value: GobValue): value is { readonly [key: string]: GobValue } {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function plain(value: GobValue): SignalMap {
  if (!isStruct(value)) throw new Error("it is no trace of Namazu's");
  return value as SignalMap;
}

function timeIn(value: GobValue): number | undefined {
  return value instanceof Uint8Array ? goTimeMs(value) : undefined;
}

function fromActions(folder: string): Iterable<StoredAction> {
  const times = ownTimes(folder);
  const actions = join(folder, names.actions);
  if (!existsSync(actions)) throw new Error(`open ${join(folder, names.history)}: no such file or directory`);
  return readActionFiles(actions, times);
}

function* readActionFiles(
  actions: string,
  times: Iterator<{ triggeredMs: number; arrivedMs: number | undefined }>,
): Generator<StoredAction> {
  for (let number = 0; ; number++) {
    const action = readSignal(join(actions, `${number}.action.json`));
    if (action === undefined) return;
    const event = readSignal(join(actions, `${number}.event.json`));
    const { value } = times.next();
    yield { action, event, triggeredMs: value?.triggeredMs, arrivedMs: value?.arrivedMs };
  }
}

function readSignal(file: string): SignalMap | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as SignalMap;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file}: ${messageOf(error)}`);
  }
}

/** trace.jsonl has a line for each action, in the same order. */
function* ownTimes(folder: string): Generator<{ triggeredMs: number; arrivedMs: number | undefined }> {
  const trace = join(folder, "trace.jsonl");
  if (!existsSync(trace)) return;
  const { result } = readRun(folder);
  if (result === undefined) return;
  const startMs = Date.parse(result.startedAt);
  for (const entry of readTraceActions(trace)) {
    if (entry.kind === "command") yield { triggeredMs: startMs + entry.command.atMs, arrivedMs: undefined };
    else if (entry.kind === "crash") yield { triggeredMs: startMs + entry.crash.atMs, arrivedMs: undefined };
    else {
      const { atMs, arrivedMs } = entry.decision;
      yield { triggeredMs: startMs + atMs, arrivedMs: startMs + arrivedMs };
    }
  }
}
