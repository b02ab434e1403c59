import { closeSync, openSync, write, writeSync } from "node:fs";

/** A run of lines and its place in the file. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly position: number;
}

export interface TraceFileOptions {
  /** Where a piece that was handed over has gone that `write` did not: told once, and nothing is written any more. */
  readonly onError: (error: unknown) => void;
  /** The memory of a piece that was handed over can be used again. */
  readonly onFree: (bytes: Uint8Array) => void;
}

/** So many pieces may wait for the one that is being written: what comes after them is written at once. */
const maxWaiting = 3;

/**
 * A file that grows at its end, in pieces. Each knows its place, so the same piece may be written twice: a thread of Node's
 * pool writes it behind the caller's back, and whoever cannot wait for that thread writes it again, here and now. One piece
 * at a time is on its way, so that a killed process leaves no hole. Throws what the file system throws.
 */
export class TraceFile {
  readonly #options: TraceFileOptions;
  readonly #fd: number;
  #end = 0;
  #isClosed = false;
  /** With the pool, whose memory it is until the pool says that it is done. */
  #onItsWay: Piece | undefined;
  #isWrittenTwice = false;
  #waiting: Piece[] = [];

  constructor(path: string, options: TraceFileOptions) {
    this.#options = options;
    this.#fd = openSync(path, "w");
  }

  /** What was handed over and is perhaps not in the file. */
  get unwritten(): readonly Uint8Array[] {
    const onItsWay = this.#onItsWay === undefined || this.#isWrittenTwice ? [] : [this.#onItsWay];
    return [...onItsWay, ...this.#waiting].map(({ bytes }) => bytes);
  }

  /** False while too much waits: `write` instead. */
  get mayHandOver(): boolean {
    return this.#waiting.length < maxWaiting;
  }

  /** To be written soon; the memory belongs to the file until `onFree`. */
  handOver(bytes: Uint8Array): void {
    this.#waiting.push({ bytes, position: this.#end });
    this.#end += bytes.length;
    this.#next();
  }

  /** Writes all that was handed over, and then this; when it returns, all of it is in the file. */
  write(bytes: Uint8Array): void {
    if (this.#onItsWay !== undefined && !this.#isWrittenTwice) {
      this.#writeNow(this.#onItsWay);
      this.#isWrittenTwice = true;
    }
    for (let piece = this.#waiting[0]; piece !== undefined; piece = this.#waiting[0]) {
      this.#writeNow(piece);
      this.#waiting.shift();
      this.#options.onFree(piece.bytes);
    }
    this.#writeNow({ bytes, position: this.#end });
    this.#end += bytes.length;
  }

  /** What waits is not written any more: `write` comes before. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting = [];
    // Closed under the pool's hands, the number may be another file's when the pool writes.
    if (this.#onItsWay === undefined) closeSync(this.#fd);
  }

  #next(): void {
    if (this.#onItsWay !== undefined) return;
    const piece = this.#waiting.shift();
    if (piece === undefined) return;
    const { bytes, position } = piece;
    this.#onItsWay = piece;
    this.#isWrittenTwice = false;
    write(this.#fd, bytes, 0, bytes.length, position, (error, count) => this.#done(piece, error, count));
  }

  #done(piece: Piece, error: Error | null, count: number): void {
    const isMissing =
      !this.#isWrittenTwice && !this.#isClosed && (error !== null || count < piece.bytes.length);
    this.#onItsWay = undefined;
    try {
      // A disk that is full takes a part, and says why only when it is asked again.
      if (isMissing) this.#writeNow(piece);
      if (this.#isClosed) closeSync(this.#fd);
    } catch (failure) {
      if (isMissing) this.#waiting.unshift(piece);
      this.#options.onError(failure);
      return;
    }
    this.#options.onFree(piece.bytes);
    this.#next();
  }

  #writeNow({ bytes, position }: Piece): void {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#fd, bytes, written, bytes.length - written, position + written);
    }
  }
}
