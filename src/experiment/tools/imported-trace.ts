import { join } from "node:path";
import { TraceWriter, writeRunFile } from "../../record/index.js";
import { actionFromJson, type Event, eventFromJson, ShellAction } from "../../signal/index.js";
import type { Clock } from "../../util/index.js";
import { type ExperimentResult, runName } from "../storage/index.js";
import type { SignalMap, StoredAction } from "./stored-action.js";

export interface ImportedRun {
  readonly folder: string;
  readonly number: number;
  /** The storage it comes from. */
  readonly source: string;
  readonly result: ExperimentResult;
  /** When its result was written, in milliseconds since 1970. */
  readonly endedMs: number;
  readonly actions: readonly StoredAction[];
}

/**
 * trace.jsonl and run.json of a run that the original made. It kept when actions were triggered since 2016, and when events
 * arrived since 2015; where a time is unknown the action stands at the one before it, and run.json says so. Returns how many
 * actions are of a kind that our traces do not have.
 */
export function writeImportedTrace(run: ImportedRun): number {
  const { folder, number, source, result, endedMs, actions } = run;
  const known = actions.flatMap(({ arrivedMs, triggeredMs }) => arrivedMs ?? triggeredMs ?? []);
  const startMs =
    known.length === 0
      ? endedMs - result.requiredTimeNs / 1e6
      : known.reduce((least, time) => Math.min(least, time));
  const clock = new SetClock(startMs);
  const runId = runName(number);
  const writer = new TraceWriter({ file: join(folder, "trace.jsonl"), run: runId, seed: "", clock });
  let lastMs = 0;
  let unknown = 0;
  try {
    for (const { action, event, arrivedMs, triggeredMs } of actions) {
      const read = readPair(action, event);
      if (read === undefined) {
        unknown += 1;
        continue;
      }
      const arrived = arrivedMs === undefined ? lastMs : arrivedMs - startMs;
      const at = Math.max(lastMs, triggeredMs === undefined ? arrived : triggeredMs - startMs);
      const isHeld = triggeredMs !== undefined && arrivedMs !== undefined;
      clock.set(arrived);
      if (read.event !== undefined) writer.onEvent(read.event);
      clock.set(at);
      writer.onAction(read.action, isHeld ? Math.max(0, at - arrived) : 0);
      lastMs = at;
    }
  } finally {
    writer.close();
  }
  const lacksTimes = actions.some((one) => one.triggeredMs === undefined);
  writeRunFile(folder, {
    runId,
    seed: "",
    command: ["nmz", "run", source],
    startedAt: new Date(startMs).toISOString(),
    endedAt: new Date(startMs + result.requiredTimeNs / 1e6).toISOString(),
    exitCode: result.successful ? 0 : 1,
    importedFrom: source,
    warnings: lacksTimes ? ["imported: the storage does not say when actions were triggered"] : [],
    autopilot: {},
  });
  return unknown;
}

function readPair(action: SignalMap, event: SignalMap | undefined) {
  try {
    if (action["class"] === "ShellAction") {
      const { command } = action["option"] as { readonly command?: unknown };
      return { action: new ShellAction(String(command ?? "")), event: undefined };
    }
    const read: Event = eventFromJson(event);
    return { action: actionFromJson(action, read), event: read };
  } catch {
    return undefined; // a class of the user's own, or of a version that we do not know
  }
}

/** The time of the run that is written down. */
class SetClock implements Clock {
  readonly #startMs: number;
  #nowMs = 0;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  set(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#startMs + this.#nowMs;
  }
}
