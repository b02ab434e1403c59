const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
const point = 0x2e;
const maxInteger = 2 ** 31;
/** What JSON makes of one code unit at most: `\u001f`. */
const maxBytesPerUnit = 6;
/** Room that every line has for what is short: a number, a comma. */
const spareBytes = 32;

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

  empty(): void {
    this.#length = 0;
    if (this.#bytes.length > this.#usualBytes) this.#bytes = Buffer.allocUnsafeSlow(this.#usualBytes);
  }

  /** What is JSON already: copying 100 bytes costs what five characters of a string do. */
  part(json: Uint8Array): void {
    this.#reserve(json.length);
    this.#bytes.set(json, this.#length);
    this.#length += json.length;
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
    if (milliseconds === 0) {
      this.integer(0);
      return;
    }
    const microseconds = Math.round(milliseconds * 1000);
    const whole = Math.floor(microseconds / 1000);
    this.integer(whole);
    const thousandths = microseconds - whole * 1000;
    const tens = (thousandths / 10) | 0;
    const hundreds = (thousandths / 100) | 0;
    const at = this.#length;
    const bytes = this.#bytes;
    bytes[at] = point;
    bytes[at + 1] = zero + hundreds;
    bytes[at + 2] = zero + tens - hundreds * 10;
    bytes[at + 3] = zero + thousandths - tens * 10;
    this.#length = at + 4;
  }

  integer(value: number): void {
    if (!(value >= 0 && value < maxInteger)) {
      this.text(String(value));
      this.#reserve(0);
      return;
    }
    this.#reserve(0);
    const bytes = this.#bytes;
    let rest = value | 0;
    let at = this.#length + digitsOf(rest);
    this.#length = at;
    do {
      const tenth = (rest / 10) | 0;
      bytes[--at] = zero + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
  }

  /** So many bytes, and as many again as a number takes. */
  #reserve(bytes: number): void {
    const needed = this.#length + bytes + spareBytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.gathered);
    this.#bytes = larger;
  }
}

function digitsOf(value: number): number {
  if (value < 100) return value < 10 ? 1 : 2;
  if (value < 10_000) return value < 1000 ? 3 : 4;
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  if (value < 100_000_000) return value < 10_000_000 ? 7 : 8;
  return value < 1_000_000_000 ? 9 : 10;
}
