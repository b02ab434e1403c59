import { text } from "../config/index.js";
import {
  type Decision,
  faultActionOf,
  type ImmediatePolicy,
  type PolicyContext,
  type PolicyEntry,
} from "../policy/index.js";
import type { RecordedDecision, TraceEntry } from "../record/index.js";
import {
  type Action,
  type Event,
  FilesystemCrashAction,
  ProcSetEvent,
  ProcSetSchedAction,
  type SchedAttributes,
  ShellAction,
} from "../signal/index.js";
import { type ComesAgain, RecordedPlaces } from "./place/index.js";

/** How much of a record came back. */
export interface ReplayCounts {
  /** Decisions that met their event. */
  readonly replayed: number;
  /** How many of these by its place, because its hint was another one. */
  readonly byPlace: number;
  /** Decisions of the record that shake. */
  readonly recorded: number;
}

export interface ReplaySettings {
  /** What is known of other runs of the workload; default nothing. */
  readonly comesAgain?: ComesAgain;
  /** Called at the end of the run. */
  readonly onEnd?: (counts: ReplayCounts) => void;
}

/** The policy that decides what was decided before; what the record does not know goes on at once. */
export class ReplayPolicy implements ImmediatePolicy {
  readonly name = "replay";
  readonly #context: PolicyContext;
  readonly #places: RecordedPlaces;
  readonly #onEnd: ((counts: ReplayCounts) => void) | undefined;
  #replayed = 0;
  #byPlace = 0;

  constructor(
    entries: Iterable<TraceEntry>,
    context: PolicyContext,
    { comesAgain, onEnd }: ReplaySettings = {},
  ) {
    this.#context = context;
    this.#onEnd = onEnd;
    this.#places = new RecordedPlaces(this.#decisionsOf(entries), comesAgain);
  }

  get counts(): ReplayCounts {
    return { replayed: this.#replayed, byPlace: this.#byPlace, recorded: this.#places.count };
  }

  onEvent(event: Event): Decision {
    const found = this.#places.decisionOn(event);
    if (found === undefined) return { delayMs: 0, action: event.defaultAction() };
    this.#replayed += 1;
    if (found.isByPlace) this.#byPlace += 1;
    const { delayMs, fault } = found.decision;
    if (fault?.kind === "crash") {
      const crash = new FilesystemCrashAction(event, fault.filesystem);
      if (fault.isAnswer === true) return { delayMs, action: crash };
      this.#context.emit(crash);
    }
    return { delayMs, action: actionOf(event, found.decision) };
  }

  close(): void {
    this.#context.log(coverageInWords(this.counts));
    this.#onEnd?.(this.counts);
  }

  *#decisionsOf(entries: Iterable<TraceEntry>): Generator<RecordedDecision> {
    for (const entry of entries) {
      if (entry.kind === "decision") yield entry.decision;
      else if (entry.kind === "command")
        this.#emitLater(entry.command.atMs, new ShellAction(entry.command.command));
      else this.#emitLater(entry.crash.atMs, new FilesystemCrashAction(undefined, entry.crash.filesystem));
    }
  }

  #emitLater(atMs: number, action: Action): void {
    this.#context.after(atMs, () => this.#context.emit(action));
  }
}

/** `recorded` is called when the policy is made, once for each run. */
export function replayPolicy(
  name: string,
  recorded: () => Iterable<TraceEntry>,
  settings?: ReplaySettings,
): PolicyEntry<ImmediatePolicy> {
  return Object.freeze({
    name,
    summary: "Decides what was decided in a recorded run; what the record does not know goes on at once.",
    bringsFaults: true,
    params: {
      procPolicy: text("", {
        meaning: '"extreme" where the recorded run had it, so that threads may be given real-time classes',
      }),
    },
    create: (_params: object, context: PolicyContext) => new ReplayPolicy(recorded(), context, settings),
  });
}

/** Decisions alone, as `readTrace` would give them. */
export function* entriesOf(decisions: Iterable<RecordedDecision>): Generator<TraceEntry> {
  for (const decision of decisions) yield { kind: "decision", decision };
}

export function coverageInWords({ replayed, byPlace, recorded }: ReplayCounts): string {
  const missing = recorded - replayed;
  const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const places = byPlace === 0 ? "" : `, ${byPlace} of them by place`;
  return `replayed ${replayed} of ${plural(recorded, "decision")}${places}${missing === 0 ? "" : `; ${plural(missing, "event")} never came`}`;
}

function actionOf(event: Event, { fault, attributes }: RecordedDecision): Action {
  const byThread = event instanceof ProcSetEvent ? byThreadOf(event, attributes) : {};
  if (fault !== undefined && fault.kind !== "crash") return faultActionOf(event, { ...fault }, byThread);
  if (event instanceof ProcSetEvent && attributes !== undefined)
    return new ProcSetSchedAction(event, byThread);
  return event.defaultAction();
}

/** Thread ids are another run's; the places are the same. */
function byThreadOf(
  event: ProcSetEvent,
  attributes: RecordedDecision["attributes"],
): Readonly<Record<string, SchedAttributes>> {
  const byThread: Record<string, SchedAttributes> = {};
  for (const [place, thread] of event.threadIds.entries()) {
    const given = attributes?.[place];
    if (given !== undefined) byThread[thread] = given;
  }
  return byThread;
}
