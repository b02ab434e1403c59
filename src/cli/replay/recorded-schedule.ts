import { type RecordedDecision, readTrace, shakes, type TraceEntry } from "../../record/index.js";
import { entriesOf } from "../../replay/index.js";

/** What shook a recorded run: decisions, of which some may do, and commands, which are run in any case. */
export class RecordedSchedule {
  readonly decisions: readonly RecordedDecision[];
  readonly #commands: readonly TraceEntry[];

  constructor(traceFile: string) {
    const decisions: RecordedDecision[] = [];
    const commands: TraceEntry[] = [];
    for (const entry of readTrace(traceFile)) {
      if (entry.kind === "command") commands.push(entry);
      else if (shakes(entry.decision)) decisions.push(entry.decision);
    }
    this.decisions = decisions;
    this.#commands = commands;
  }

  /** A run with these decisions only. */
  *with(decisions: Iterable<RecordedDecision>): Generator<TraceEntry> {
    yield* this.#commands;
    yield* entriesOf(decisions);
  }
}
