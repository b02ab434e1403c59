import { type RecordedDecision, shakes } from "../../record/index.js";
import type { Event } from "../../signal/index.js";
import { eventName, opensConnection } from "./event-name.js";
import { type FoundDecision, RecordedEntity } from "./recorded-entity.js";

/** Whether events with that hint come in other runs of the same workload too. */
export type ComesAgain = (entity: string, hint: string) => boolean;

/** What shook a recorded run, and how its events are known again; docs/replay.md has the rules. */
export class RecordedPlaces {
  readonly #entities = new Map<string, RecordedEntity>();
  /** Decisions that shake. */
  readonly count: number;

  /** All events of a record, in any order: those that nothing shook have places too. */
  constructor(decisions: Iterable<RecordedDecision>, comesAgain: ComesAgain = () => false) {
    const kept = worthKnowing(decisions);
    let count = 0;
    for (const decision of kept) {
      if (shakes(decision)) count += 1;
      const { entity, hint } = decision;
      const recorded = this.#entities.get(entity) ?? new RecordedEntity();
      this.#entities.set(entity, recorded);
      recorded.add(decision, comesAgain(entity, hint));
    }
    this.count = count;
  }

  /** What is to be done to an event that has just come; undefined: nothing. */
  decisionOn(event: Event): FoundDecision | undefined {
    return this.#entities.get(event.entity)?.decisionOn(event);
  }
}

/** What shook, what may help to find that again, and no more: a trace may be long. In the order of arrival. */
function worthKnowing(decisions: Iterable<RecordedDecision>): readonly RecordedDecision[] {
  const streams = new Set<string>();
  const kept: { decision: RecordedDecision; stream: string | undefined }[] = [];
  for (const decision of decisions) {
    const parts = eventName(decision.event, decision.hint);
    const stream = parts === undefined ? undefined : `${decision.entity}|${parts.stream}`;
    if (shakes(decision)) {
      if (stream !== undefined) streams.add(stream);
    } else if (stream === undefined && !opensConnection(decision.hint)) continue;
    kept.push({ decision, stream });
  }
  return kept
    .filter(({ decision, stream }) => shakes(decision) || stream === undefined || streams.has(stream))
    .map(({ decision }) => decision)
    .sort((a, b) => a.arrivedMs - b.arrivedMs);
}
