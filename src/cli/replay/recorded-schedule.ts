import { type RecordedDecision, readTrace, shakes, type TraceEntry } from "../../record/index.js";
import { entriesOf } from "../../replay/index.js";

/** A recorded run: decisions that shook it, of which some may do; commands and crashes at no event, which come in any case; and all other events. */
export class RecordedSchedule {
  readonly decisions: readonly RecordedDecision[];
  readonly #all: readonly RecordedDecision[];
  readonly #commands: readonly TraceEntry[];

  constructor(traceFile: string) {
    const all: RecordedDecision[] = [];
    const commands: TraceEntry[] = [];
    for (const entry of readTrace(traceFile)) {
      if (entry.kind === "decision") all.push(entry.decision);
      else commands.push(entry);
    }
    this.decisions = all.filter(shakes);
    this.#all = all;
    this.#commands = commands;
  }

  /** A run with these decisions only. The other events stay, as nothing shook them: some are known by their place among them. */
  *with(decisions: Iterable<RecordedDecision>): Generator<TraceEntry> {
    const chosen = new Map([...decisions].map((decision) => [keyOf(decision), decision]));
    yield* this.#commands;
    yield* entriesOf(this.#all.map((event) => chosen.get(keyOf(event)) ?? unshaken(event)));
  }
}

function keyOf({ entity, hint, n }: RecordedDecision): string {
  return `${n}|${entity}|${hint}`;
}

function unshaken({ fault: _, attributes: __, ...event }: RecordedDecision): RecordedDecision {
  return { ...event, delayMs: 0 };
}
