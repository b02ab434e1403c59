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
  /** The newest last; together at least `tailBytes` once something was left out. */
  readonly #tail: Buffer[] = [];
  #tailLength = 0;
  #leftOut = 0;

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, "w");
  }

  /** False: its middle is missing. */
  get isWhole(): boolean {
    return this.#leftOut === 0;
  }

  add(chunk: Buffer): void {
    const room = Math.max(0, headBytes - this.#written);
    if (room > 0) this.#write(chunk.subarray(0, room));
    if (chunk.length <= room) return;
    const rest = chunk.subarray(room);
    this.#tail.push(rest);
    this.#tailLength += rest.length;
    while (this.#tailLength - this.#tail[0]!.length >= tailBytes) {
      const { length } = this.#tail.shift()!;
      this.#tailLength -= length;
      this.#leftOut += length;
    }
  }

  close(): void {
    try {
      if (this.#leftOut > 0) this.#write(Buffer.from(`\n[nmzc: ${this.#leftOut} bytes left out]\n`));
      for (const chunk of this.#tail) this.#write(chunk);
    } finally {
      closeSync(this.#fd);
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
