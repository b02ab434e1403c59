import { closeSync, openSync, writeSync } from "node:fs";

const headBytes = 1 << 20;
const tailBytes = 1 << 20;

/**
 * What a run wrote, on disk: all of it, or its beginning and its end where it is too much. Held in memory is the end alone.
 * Throws what the file system throws.
 */
export class OutputFile {
  readonly path: string;
  readonly #fd: number;
  #written = 0;
  /** A ring of what came last, once there is more than the head. */
  #tail: Buffer | undefined;
  /** How many bytes came behind the head: the newest lies before this, modulo the ring. */
  #behind = 0;

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, "w");
  }

  /** False: its middle is missing. */
  get isWhole(): boolean {
    return this.#behind <= tailBytes;
  }

  add(chunk: Buffer): void {
    const room = Math.max(0, headBytes - this.#written);
    if (room > 0) this.#write(chunk.subarray(0, room));
    if (chunk.length <= room) return;
    this.#keep(chunk.subarray(room));
  }

  close(): void {
    try {
      if (this.#tail === undefined) return;
      const next = this.#behind % tailBytes;
      if (!this.isWhole) {
        this.#write(Buffer.from(`\n[nmzc: ${this.#behind - tailBytes} bytes left out]\n`));
        this.#write(this.#tail.subarray(next));
      }
      this.#write(this.#tail.subarray(0, this.isWhole ? this.#behind : next));
    } finally {
      closeSync(this.#fd);
    }
  }

  #keep(chunk: Buffer): void {
    this.#tail ??= Buffer.allocUnsafe(tailBytes);
    // Of more than the ring holds only its end stays.
    const skipped = Math.max(0, chunk.length - tailBytes);
    this.#behind += skipped;
    for (let rest = chunk.subarray(skipped); rest.length > 0; ) {
      const count = rest.copy(this.#tail, this.#behind % tailBytes);
      this.#behind += count;
      rest = rest.subarray(count);
    }
  }

  #write(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0; ) {
      const count = writeSync(this.#fd, rest);
      this.#written += count;
      rest = rest.subarray(count);
    }
  }
}
