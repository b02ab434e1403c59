/** The length that a frame announces is more than the endpoint takes. */
export class FrameTooLongError extends Error {
  constructor(length: number, limit: number) {
    super(`a frame of ${length} bytes was announced, the limit is ${limit}`);
    this.name = "FrameTooLongError";
  }
}

const headBytes = 4;
const nothing = Buffer.alloc(0);

/**
 * Cuts a byte stream into frames: 4 bytes of little-endian length, then as many bytes. What a chunk begins and does not
 * end is kept in one buffer that never outgrows the frame it is for, however small the chunks.
 */
export class FrameSplitter {
  readonly #limit: number;
  #held = nothing;
  #heldBytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The frames that `chunk` ends, without their lengths; they may share its memory. Throws FrameTooLongError. */
  *push(chunk: Buffer): Generator<Buffer> {
    let rest = chunk;
    while (this.#heldBytes > 0) {
      const missing = this.#missing();
      this.#hold(rest.subarray(0, missing));
      if (rest.length < missing) return;
      rest = rest.subarray(missing);
      if (this.#missing() > 0) continue;
      const frame = this.#held.subarray(headBytes, this.#heldBytes);
      this.#held = nothing;
      this.#heldBytes = 0;
      yield frame;
    }
    while (rest.length >= headBytes) {
      const end = headBytes + this.#length(rest);
      if (rest.length < end) break;
      const frame = rest.subarray(headBytes, end);
      rest = rest.subarray(end);
      yield frame;
    }
    if (rest.length > 0) this.#hold(rest);
  }

  #length(bytes: Buffer): number {
    const length = bytes.readUInt32LE(0);
    if (length > this.#limit) throw new FrameTooLongError(length, this.#limit);
    return length;
  }

  /** Bytes until the next thing is known: the length, then the end of the frame. */
  #missing(): number {
    if (this.#heldBytes < headBytes) return headBytes - this.#heldBytes;
    return headBytes + this.#length(this.#held) - this.#heldBytes;
  }

  #hold(bytes: Buffer): void {
    const needed = this.#heldBytes + bytes.length;
    if (needed > this.#held.length) {
      const room = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * needed, headBytes + this.#limit)));
      this.#held.copy(room, 0, 0, this.#heldBytes);
      this.#held = room;
    }
    bytes.copy(this.#held, this.#heldBytes);
    this.#heldBytes = needed;
  }
}
