import type { Event } from "../signal/index.js";
import { type Hash64, hashText, KeyedRandom, mix32, type Random } from "../util/index.js";

const slotCount = 1 << 18;

/**
 * Gives each event a source of chance keyed by (seed, entity, replay hint, occurrence), so that one connection's
 * traffic does not change the decisions of another, and the same seed on the same workload decides the same.
 *
 * Occurrences are counted in a table of fixed size (1 MiB), so a million different payloads cost no memory. Two
 * hints that share a slot share a counter; with 262,144 slots that is rare, and it only makes the two depend on
 * each other's order.
 */
export class DecisionStreams {
  readonly #seed: Hash64;
  readonly #occurrences = new Uint32Array(slotCount);

  constructor(seed: string) {
    this.#seed = hashText(seed);
  }

  randomFor(event: Event): Random {
    const key = hashText(event.replayHint, hashText(event.entity, this.#seed));
    const slot = (key.low ^ key.high) & (slotCount - 1);
    const occurrence = ++this.#occurrences[slot]!;
    return new KeyedRandom({ high: mix32(key.high + occurrence), low: mix32(key.low ^ occurrence) });
  }

  /** A source for what is about no event. */
  named(name: string): Random {
    return new KeyedRandom(hashText(name, this.#seed));
  }
}
