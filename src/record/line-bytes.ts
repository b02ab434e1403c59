import { maxDigitBytes, putInteger, putMilliseconds } from "./digits.js";

const quote = 0x22;
const backslash = 0x5c;
/** What JSON makes of one code unit at most: `\u001f`. */
const maxBytesPerUnit = 6;

/**
 * Lines of JSON gathered as bytes. A trace is written at the packets' rate: lines that are put together as strings first cost
 * four times as much, half of it in the garbage that they leave.
 */
export class LineBytes {
  readonly #usualBytes: number;
  #bytes: Buffer;
  #length = 0;

  /** It holds more than `usualBytes` where it must, until it is emptied. */
  constructor(usualBytes: number) {
    this.#usualBytes = usualBytes;
    this.#bytes = Buffer.allocUnsafeSlow(usualBytes);
  }

  get length(): number {
    return this.#length;
  }

  /** What was gathered; valid until more is. */
  get gathered(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Takes back what was gathered since `length` was this. */
  cut(length: number): void {
    this.#length = length;
  }

  /** What was gathered, and memory for what comes: `spare`, where it is of the usual size, or new. */
  take(spare?: Uint8Array): Uint8Array {
    const taken = this.gathered;
    this.#length = 0;
    const memory = spare?.buffer;
    this.#bytes =
      memory?.byteLength === this.#usualBytes
        ? Buffer.from(memory)
        : Buffer.allocUnsafeSlow(this.#usualBytes);
    return taken;
  }

  empty(): void {
    this.#length = 0;
    if (this.#bytes.length > this.#usualBytes) this.#bytes = Buffer.allocUnsafeSlow(this.#usualBytes);
  }

  /** What is JSON already: copying 100 bytes costs what 20 one by one do. */
  part(json: Uint8Array): void {
    this.#reserve(json.length);
    this.#bytes.set(json, this.#length);
    this.#length += json.length;
  }

  /** The memory, with room for so many bytes at `length`, for whoever writes there and then says how far with `wrote`. */
  room(bytes: number): Uint8Array {
    this.#reserve(bytes);
    return this.#bytes;
  }

  wrote(to: number): void {
    this.#length = to;
  }

  /** A copy of what was gathered since `length` was this. */
  copyFrom(length: number): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(length, this.#length));
  }

  /** The same as text. */
  text(json: string): void {
    this.#reserve(json.length * 3);
    this.#length += this.#bytes.write(json, this.#length, "utf8");
  }

  /** As a JSON string. Nearly all fit in as they are, which is found out on the way. */
  quoted(text: string): void {
    this.#reserve(text.length * maxBytesPerUnit);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = quote;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x20 || unit > 0x7e || unit === quote || unit === backslash) {
        this.text(JSON.stringify(text));
        return;
      }
      bytes[at++] = unit;
    }
    bytes[at++] = quote;
    this.#length = at;
  }

  /** To the microsecond. */
  milliseconds(milliseconds: number): void {
    this.#reserve(0);
    this.#length = putMilliseconds(this.#bytes, this.#length, milliseconds);
  }

  integer(value: number): void {
    this.#reserve(0);
    this.#length = putInteger(this.#bytes, this.#length, value);
  }

  /** So many bytes, and as many again as a number takes. */
  #reserve(bytes: number): void {
    const needed = this.#length + bytes + maxDigitBytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.gathered);
    this.#bytes = larger;
  }
}
