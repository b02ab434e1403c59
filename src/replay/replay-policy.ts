import { text } from "../config/index.js";
import type { Decision, ImmediatePolicy, PolicyContext, PolicyEntry } from "../policy/index.js";
import type { RecordedDecision, TraceEntry } from "../record/index.js";
import { shakes } from "../record/index.js";
import {
  type Action,
  type Event,
  FilesystemEvent,
  FilesystemFaultAction,
  PacketEvent,
  PacketFaultAction,
  ProcFaultAction,
  ProcSetEvent,
  ProcSetSchedAction,
  type SchedAttributes,
  ShellAction,
} from "../signal/index.js";

/** How much of a record came back. */
export interface ReplayCounts {
  readonly replayed: number;
  /** Decisions of the record that shake. */
  readonly recorded: number;
}

/** What is known of the events with one hint of one entity. */
interface Line {
  arrived: number;
  readonly byOccurrence: Map<number, RecordedDecision>;
}

/** The policy that decides what was decided before; what the record does not know goes on at once. */
export class ReplayPolicy implements ImmediatePolicy {
  readonly name = "replay";
  readonly #context: PolicyContext;
  readonly #entities = new Map<string, Map<string, Line>>();
  readonly #onEnd: ((counts: ReplayCounts) => void) | undefined;
  #recorded = 0;
  #replayed = 0;

  constructor(entries: Iterable<TraceEntry>, context: PolicyContext, onEnd?: (counts: ReplayCounts) => void) {
    this.#context = context;
    this.#onEnd = onEnd;
    for (const entry of entries) {
      if (entry.kind === "decision") this.#keep(entry.decision);
      else context.after(entry.command.atMs, () => context.emit(new ShellAction(entry.command.command)));
    }
  }

  get counts(): ReplayCounts {
    return { replayed: this.#replayed, recorded: this.#recorded };
  }

  onEvent(event: Event): Decision {
    const decision = this.#take(event);
    if (decision === undefined) return { delayMs: 0, action: event.defaultAction() };
    this.#replayed += 1;
    return { delayMs: decision.delayMs, action: actionOf(event, decision) };
  }

  close(): void {
    this.#context.log(coverageInWords(this.counts));
    this.#onEnd?.(this.counts);
  }

  #take(event: Event): RecordedDecision | undefined {
    const line = this.#entities.get(event.entity)?.get(event.replayHint);
    if (line === undefined) return undefined;
    line.arrived += 1;
    return line.byOccurrence.get(line.arrived);
  }

  #keep(decision: RecordedDecision): void {
    if (!shakes(decision)) return;
    const { entity, hint, n } = decision;
    const hints = this.#entities.get(entity) ?? new Map<string, Line>();
    this.#entities.set(entity, hints);
    const line = hints.get(hint) ?? { arrived: 0, byOccurrence: new Map() };
    hints.set(hint, line);
    if (!line.byOccurrence.has(n)) this.#recorded += 1;
    line.byOccurrence.set(n, decision);
  }
}

/** `recorded` is called when the policy is made, once for each run. */
export function replayPolicy(
  name: string,
  recorded: () => Iterable<TraceEntry>,
  onEnd?: (counts: ReplayCounts) => void,
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
    create: (_params: object, context: PolicyContext) => new ReplayPolicy(recorded(), context, onEnd),
  });
}

/** Decisions alone, as `readTrace` would give them. */
export function* entriesOf(decisions: Iterable<RecordedDecision>): Generator<TraceEntry> {
  for (const decision of decisions) yield { kind: "decision", decision };
}

export function coverageInWords({ replayed, recorded }: ReplayCounts): string {
  const missing = recorded - replayed;
  const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  return `replayed ${replayed} of ${plural(recorded, "decision")}${missing === 0 ? "" : `; ${plural(missing, "event")} never came`}`;
}

function actionOf(event: Event, { fault, attributes }: RecordedDecision): Action {
  const byThread = event instanceof ProcSetEvent ? byThreadOf(event, attributes) : {};
  if (fault !== undefined) {
    if (event instanceof PacketEvent) return new PacketFaultAction(event, fault as never);
    if (event instanceof FilesystemEvent) return new FilesystemFaultAction(event, fault as never);
    if (event instanceof ProcSetEvent) return new ProcFaultAction(event, fault as never, byThread);
  }
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
