import { type Event, EventKeys } from "../signal/index.js";
import { type Hash64, hashText, KeyedRandom, mix32, OccurrenceTable, type Random } from "../util/index.js";

/**
 * Gives each event a source of chance keyed by (seed, entity, replay hint, occurrence), so that one connection's
 * traffic does not change the decisions of another, and the same seed on the same workload decides the same.
 */
export class DecisionStreams {
  readonly #seed: Hash64;
  readonly #keys: EventKeys;
  readonly #occurrences = new OccurrenceTable();

  /** `keys` are of the same seed, where somebody else asks for them too. */
  constructor(seed: string, keys = new EventKeys(seed)) {
    this.#seed = hashText(seed);
    this.#keys = keys;
  }

  randomFor(event: Event): Random {
    const key = this.#keys.of(event);
    const occurrence = this.#occurrences.next(key);
    return new KeyedRandom({ high: mix32(key.high + occurrence), low: mix32(key.low ^ occurrence) });
  }

  /** A source for what is about no event. */
  named(name: string): Random {
    return new KeyedRandom(hashText(name, this.#seed));
  }
}
