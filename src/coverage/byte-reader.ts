/** Bytes that are not what they should be, with the place where that was seen. */
export class CoverageFormatError extends Error {
  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = "CoverageFormatError";
  }
}

/** Java's DataInput over bytes at hand: big-endian, and strings in modified UTF-8. Throws CoverageFormatError at the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  u1(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u2(): number {
    return this.#view.getUint16(this.#take(2));
  }

  s2(): number {
    return this.#view.getInt16(this.#take(2));
  }

  u4(): number {
    return this.#view.getUint32(this.#take(4));
  }

  s4(): number {
    return this.#view.getInt32(this.#take(4));
  }

  s8(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  u8(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  slice(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A length of 2 bytes and modified UTF-8, of which NUL and what is beyond 16 bits are spelled in their own way. */
  utf(): string {
    const bytes = this.slice(this.u2());
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at++]!;
      if (first < 0x80) text += String.fromCharCode(first);
      else if (first < 0xe0) text += String.fromCharCode(((first & 0x1f) << 6) | (bytes[at++]! & 0x3f));
      else {
        text += String.fromCharCode(
          ((first & 0x0f) << 12) | ((bytes[at]! & 0x3f) << 6) | (bytes[at + 1]! & 0x3f),
        );
        at += 2;
      }
    }
    return text;
  }

  #take(length: number): number {
    const start = this.at;
    if (length > this.#bytes.length - start) throw new CoverageFormatError("the data is cut off", start);
    this.at += length;
    return start;
  }
}
