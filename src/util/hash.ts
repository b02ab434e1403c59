/**
 * A 64-bit hash as two unsigned 32-bit words. Two multiply-xor lanes over UTF-16 code units, finished with
 * the 32-bit murmur3 finaliser: fast in JavaScript, stable for ever (recorded seeds depend on it).
 */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

export function hashText(text: string, seed: Hash64 = { high: 0, low: 0 }): Hash64 {
  let high = seed.high ^ 0xdeadbeef;
  let low = seed.low ^ 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  return { high: mix32(high ^ (low >>> 13)), low: mix32(low ^ (high >>> 15)) };
}

/** The finaliser of murmur3: every input bit reaches every output bit. */
export function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
