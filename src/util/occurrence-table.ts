import { type Hash64, mix32 } from "./hash.js";

const firstSlots = 1 << 12;
// 12 bytes a slot, so 12 MiB at most.
const maxSlots = 1 << 20;
const maxLoad = 0.75;
const sharedCounters = 1 << 18;

/**
 * Counts how often each 64-bit key has come: open addressing in flat arrays, so that half a million different packets
 * cost 12 bytes each and no garbage. Keys that come once the table is full share counters by their hash; then, and only
 * then, a count may depend on what other keys came before.
 */
export class OccurrenceTable {
  #high = new Uint32Array(firstSlots);
  #low = new Uint32Array(firstSlots);
  /** 0 marks a free slot. */
  #counts = new Uint32Array(firstSlots);
  #used = 0;
  #shared: Uint32Array | undefined;

  /** 1 the first time, then 2, 3, … */
  next(key: Hash64): number {
    let slot = this.#find(key);
    if (this.#counts[slot] !== 0) return ++this.#counts[slot]!;
    if (this.#used >= this.#counts.length * maxLoad) {
      if (this.#counts.length >= maxSlots) return this.#nextShared(key);
      this.#grow();
      slot = this.#find(key);
    }
    this.#used += 1;
    this.#put(slot, key.high, key.low, 1);
    return 1;
  }

  /** The slot of the key, or the free one where it belongs. There always is a free one. */
  #find(key: Hash64): number {
    const mask = this.#counts.length - 1;
    let slot = mix32(key.low ^ key.high) & mask;
    while (this.#counts[slot] !== 0 && (this.#high[slot] !== key.high || this.#low[slot] !== key.low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #put(slot: number, high: number, low: number, count: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#counts[slot] = count;
  }

  #nextShared(key: Hash64): number {
    this.#shared ??= new Uint32Array(sharedCounters);
    return ++this.#shared[mix32(key.low ^ key.high) & (sharedCounters - 1)]!;
  }

  #grow(): void {
    const [highs, lows, counts] = [this.#high, this.#low, this.#counts];
    const slots = counts.length * 4;
    [this.#high, this.#low, this.#counts] = [
      new Uint32Array(slots),
      new Uint32Array(slots),
      new Uint32Array(slots),
    ];
    for (const [old, count] of counts.entries()) {
      if (count === 0) continue;
      const [high, low] = [highs[old]!, lows[old]!];
      this.#put(this.#find({ high, low }), high, low, count);
    }
  }
}
