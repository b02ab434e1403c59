import type { Event } from "../signal/index.js";
import { type Hash64, hashText, KeyedRandom, mix32, OccurrenceTable, type Random } from "../util/index.js";

// Entities are inspectors, so few; a wire may bring names that somebody made up.
const maxRememberedEntities = 1024;

/**
 * Gives each event a source of chance keyed by (seed, entity, replay hint, occurrence), so that one connection's
 * traffic does not change the decisions of another, and the same seed on the same workload decides the same.
 */
export class DecisionStreams {
  readonly #seed: Hash64;
  readonly #entities = new Map<string, Hash64>();
  readonly #occurrences = new OccurrenceTable();

  constructor(seed: string) {
    this.#seed = hashText(seed);
  }

  randomFor(event: Event): Random {
    const key = hashText(event.replayHint, this.#entityKey(event.entity));
    const occurrence = this.#occurrences.next(key);
    return new KeyedRandom({ high: mix32(key.high + occurrence), low: mix32(key.low ^ occurrence) });
  }

  /** A source for what is about no event. */
  named(name: string): Random {
    return new KeyedRandom(hashText(name, this.#seed));
  }

  #entityKey(entity: string): Hash64 {
    const known = this.#entities.get(entity);
    if (known !== undefined) return known;
    if (this.#entities.size >= maxRememberedEntities) this.#entities.clear();
    const key = hashText(entity, this.#seed);
    this.#entities.set(entity, key);
    return key;
  }
}
