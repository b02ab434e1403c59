import { mix32 } from "../../util/index.js";

/** 64 bits of `memory[start, end)` in hexadecimal: four bytes at a time, because segments can have 64 KiB. */
export function payloadDigest(memory: Uint8Array, start: number, end: number): string {
  const length = end - start;
  let high = 0x6a09e667 ^ length;
  let low = 0xbb67ae85;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = memory[at]! | (memory[at + 1]! << 8) | (memory[at + 2]! << 16) | (memory[at + 3]! << 24);
    high = Math.imul(high ^ word, 0x9e3779b1);
    low = Math.imul(low ^ word ^ (low >>> 15), 0x5f356495);
  }
  for (; at < end; at++) {
    high = Math.imul(high ^ memory[at]!, 0x9e3779b1);
    low = Math.imul(low ^ memory[at]! ^ (low >>> 15), 0x5f356495);
  }
  return hex(mix32(high ^ (low >>> 13))) + hex(mix32(low ^ (high >>> 15)));
}

/** "00" to "ff": an eighth of what toString(16) and padStart take, and each packet has one digest. */
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(word: number): string {
  const [a, b, c, d] = [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255];
  return hexOfByte[a]! + hexOfByte[b]! + hexOfByte[c]! + hexOfByte[d]!;
}
