import { type Hash64, hashText } from "../util/index.js";
import type { Event } from "./event.js";

// Entities are inspectors, so few; a wire may bring names that somebody made up.
const maxRememberedEntities = 1024;

/**
 * What makes an event the same in another run, its entity and its replay hint, as 64 bits that depend on a seed. The trace and
 * the policy ask for the same event one after the other, at the packets' rate: the last key is remembered.
 */
export class EventKeys {
  readonly #seed: Hash64;
  readonly #entities = new Map<string, Hash64>();
  #event: Event | undefined;
  #key: Hash64 = { high: 0, low: 0 };

  constructor(seed: string) {
    this.#seed = hashText(seed);
  }

  of(event: Event): Hash64 {
    if (event !== this.#event) {
      this.#key = hashText(event.replayHint, this.#entityKey(event.entity));
      this.#event = event;
    }
    return this.#key;
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
