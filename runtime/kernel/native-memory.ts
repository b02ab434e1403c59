import { addressOf } from "./libc.js";

/**
 * A fixed piece of memory that system calls read and write by address, seen as bytes and as 32-bit words. 64-bit
 * fields are handled as two words, so that nothing on a hot path makes a BigInt.
 */
export class NativeMemory {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly address: number;

  constructor(sizeBytes: number) {
    const buffer = new ArrayBuffer(Math.max(128, (sizeBytes + 7) & ~7));
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.address = addressOf(this.bytes);
  }

  /** Writes a NUL-terminated string at `offset` and returns its address. */
  putString(text: string, offset = 0): number {
    const { written } = encoder.encodeInto(text, this.bytes.subarray(offset, this.bytes.length - 1));
    this.bytes[offset + written] = 0;
    return this.address + offset;
  }

  /** An unsigned 64-bit field as a number; exact below 2^53. */
  u64(wordIndex: number): number {
    return this.words[wordIndex]! + this.words[wordIndex + 1]! * 0x1_0000_0000;
  }

  setU64(wordIndex: number, value: number): void {
    this.words[wordIndex] = value >>> 0;
    this.words[wordIndex + 1] = Math.floor(value / 0x1_0000_0000) >>> 0;
  }
}

const encoder = new TextEncoder();
