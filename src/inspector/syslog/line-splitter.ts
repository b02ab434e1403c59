export interface SplitLine {
  readonly bytes: Uint8Array;
  /** The line was longer than allowed; these are its first bytes. */
  readonly isCut: boolean;
}

const lineFeed = 10;
const digitsOfCount = 7;
const maxPieces = 64;

/**
 * Cuts the bytes of a TCP connection into messages (RFC 6587): "123 <PRI>…" is 123 bytes long (octet counting), anything
 * else ends with a line feed or a NUL. Looked at anew for each message, so that both may come on one connection; a line that
 * merely begins with a number is no count, because `<` does not follow.
 *
 * Keeps no more than `maxBytes` of a message, and calls back before `push` returns.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #onLine: (line: SplitLine) => void;
  /** What has come of the message under way, of its first `maxBytes`. */
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #isCut = false;
  /** Bytes of a counted message that are still to come; undefined between messages, -1 while a line end is looked for. */
  #missing: number | undefined;
  /** What might be the beginning of a count. */
  #prefix: Uint8Array = new Uint8Array(0);

  constructor(maxBytes: number, onLine: (line: SplitLine) => void) {
    this.#maxBytes = maxBytes;
    this.#onLine = onLine;
  }

  /** A message has begun and not ended. */
  get isInside(): boolean {
    return this.#missing !== undefined || this.#prefix.length > 0;
  }

  push(chunk: Uint8Array): void {
    let bytes = this.#prefix.length === 0 ? chunk : Buffer.concat([this.#prefix, chunk]);
    this.#prefix = new Uint8Array(0);
    while (bytes.length > 0) {
      if (this.#missing === undefined) {
        const count = countAt(bytes);
        if (count === "unknown") {
          this.#prefix = Uint8Array.from(bytes);
          return;
        }
        this.#missing = count?.messageBytes ?? -1;
        bytes = bytes.subarray(count?.headBytes ?? 0);
      }
      bytes = this.#missing < 0 ? this.#takeToLineEnd(bytes) : this.#takeCounted(bytes, this.#missing);
    }
  }

  /** The connection has ended: what came of the last message is all of it. */
  end(): void {
    if (this.#prefix.length > 0) this.#keep(this.#prefix);
    this.#prefix = new Uint8Array(0);
    this.#finish();
  }

  #takeCounted(bytes: Uint8Array, missing: number): Uint8Array {
    const taken = Math.min(missing, bytes.length);
    this.#keep(bytes.subarray(0, taken));
    this.#missing = missing - taken;
    if (this.#missing === 0) this.#finish();
    return bytes.subarray(taken);
  }

  #takeToLineEnd(bytes: Uint8Array): Uint8Array {
    const end = bytes.findIndex(isLineEnd);
    this.#keep(end < 0 ? bytes : bytes.subarray(0, end));
    if (end < 0) return new Uint8Array(0);
    this.#finish();
    return bytes.subarray(end + 1);
  }

  #keep(bytes: Uint8Array): void {
    const room = this.#maxBytes - this.#keptBytes;
    if (bytes.length > room) this.#isCut = true;
    const part = bytes.subarray(0, room);
    if (part.length === 0) return;
    // A copy: a few bytes must not hold a whole chunk of the socket's. And in few pieces: they may come one at a time.
    this.#kept.push(Uint8Array.from(part));
    if (this.#kept.length >= maxPieces) this.#kept = [Buffer.concat(this.#kept)];
    this.#keptBytes += part.length;
  }

  #finish(): void {
    const line = { bytes: Buffer.concat(this.#kept), isCut: this.#isCut };
    this.#kept = [];
    this.#keptBytes = 0;
    this.#isCut = false;
    this.#missing = undefined;
    if (line.bytes.length > 0) this.#onLine(line);
  }
}

function isLineEnd(byte: number): boolean {
  return byte === lineFeed || byte === 0;
}

/** "MSG-LEN SP" before a `<`; undefined when it is none, "unknown" when too little has come to tell. */
function countAt(bytes: Uint8Array): { messageBytes: number; headBytes: number } | "unknown" | undefined {
  let digits = 0;
  while (digits < bytes.length && isDigit(bytes[digits]!)) digits += 1;
  if (digits === 0 || digits > digitsOfCount || bytes[0] === 0x30) return undefined;
  if (digits === bytes.length) return "unknown";
  if (bytes[digits] !== 0x20) return undefined;
  if (digits + 1 === bytes.length) return "unknown";
  if (bytes[digits + 1] !== 0x3c) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, digits).toString("latin1");
  return { messageBytes: Number(text), headBytes: digits + 1 };
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
