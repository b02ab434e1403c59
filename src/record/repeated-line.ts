import {
  maxDigitBytes,
  maxInteger,
  putInteger,
  putMilliseconds,
  replaceHundredths,
  replaceInteger,
  replaceThousandths,
} from "./digits.js";

const part = {
  time: Buffer.from('{"t":'),
  arrived: Buffer.from(',"arrived":'),
  end: Buffer.from("}\n"),
};
/** A point and three digits. */
const fractionBytes = 4;
/** From here on an occurrence has the two digits that are written each time. */
export const repeatedFrom = 10;
/** Of a line, beside what it is made of: the parts above, and four numbers. */
const maxOtherBytes = 32 + 4 * maxDigitBytes;

/**
 * The line of a packet that was accepted at once, as long as the same packet comes again: it is copied whole, and then only the
 * last digits of its time and of its occurrence are written.
 */
export class RepeatedLine {
  /** Of the line. */
  readonly maxBytes: number;
  readonly #start: Uint8Array;
  readonly #end: Uint8Array;
  readonly #length: number;
  #bytes: Uint8Array = part.end;
  /** For which it is wide enough, and not too wide: from these, up to those without. */
  #fromUs = 0;
  #toUs = 0;
  #fromOccurrence = 0;
  #toOccurrence = 0;
  /** What it says, up to the digits that are written each time. */
  #wholeMs = 0;
  #hundreds = 0;
  /** Where the numbers end. */
  #timeEnd = 0;
  #occurrenceEnd = 0;
  #arrivedEnd = 0;

  /** `start` stands between the time and the occurrence, `end` before the packet's length. */
  constructor(start: Uint8Array, end: Uint8Array, length: number) {
    this.#start = start;
    this.#end = end;
    this.#length = length;
    this.maxBytes = start.length + end.length + maxOtherBytes;
  }

  /** Gives where it ends. `occurrence` is at least `repeatedFrom`. */
  put(target: Uint8Array, at: number, ms: number, occurrence: number): number {
    const us = Math.round(ms * 1000);
    const isAsWide =
      us >= this.#fromUs &&
      us < this.#toUs &&
      occurrence >= this.#fromOccurrence &&
      occurrence < this.#toOccurrence;
    if (!isAsWide) {
      this.#make(ms, occurrence);
      target.set(this.#bytes, at);
      return at + this.#bytes.length;
    }
    const wholeMs = (us / 1000) | 0;
    const hundreds = (occurrence / 100) | 0;
    if (wholeMs !== this.#wholeMs || hundreds !== this.#hundreds) this.#replace(wholeMs, hundreds);
    const bytes = this.#bytes;
    target.set(bytes, at);
    const thousandths = us - wholeMs * 1000;
    replaceThousandths(target, at + this.#timeEnd, thousandths);
    replaceThousandths(target, at + this.#arrivedEnd, thousandths);
    replaceHundredths(target, at + this.#occurrenceEnd, occurrence - hundreds * 100);
    return at + bytes.length;
  }

  #replace(wholeMs: number, hundreds: number): void {
    this.#wholeMs = wholeMs;
    this.#hundreds = hundreds;
    replaceInteger(this.#bytes, this.#timeEnd - fractionBytes, wholeMs);
    replaceInteger(this.#bytes, this.#arrivedEnd - fractionBytes, wholeMs);
    replaceInteger(this.#bytes, this.#occurrenceEnd - 2, hundreds);
  }

  #make(ms: number, occurrence: number): void {
    const bytes = Buffer.alloc(this.maxBytes);
    const put = (piece: Uint8Array, at: number): number => {
      bytes.set(piece, at);
      return at + piece.length;
    };
    const timeAt = put(part.time, 0);
    this.#timeEnd = putMilliseconds(bytes, timeAt, ms);
    const occurrenceAt = put(this.#start, this.#timeEnd);
    this.#occurrenceEnd = putInteger(bytes, occurrenceAt, occurrence);
    const arrivedAt = put(part.arrived, this.#occurrenceEnd);
    this.#arrivedEnd = putMilliseconds(bytes, arrivedAt, ms);
    const lengthAt = put(this.#end, this.#arrivedEnd);
    const lengthEnd = putInteger(bytes, lengthAt, this.#length);
    this.#bytes = bytes.subarray(0, put(part.end, lengthEnd));
    this.#setBounds(this.#timeEnd - timeAt, this.#occurrenceEnd - occurrenceAt);
  }

  #setBounds(timeBytes: number, occurrenceBytes: number): void {
    const wholeDigits = timeBytes - fractionBytes;
    // No time at all is written without a fraction.
    this.#fromUs = wholeDigits > 1 ? 10 ** (wholeDigits + 2) : 1;
    this.#toUs = wholeDigits > 0 ? Math.min(10 ** (wholeDigits + 3), maxInteger) : 0;
    this.#fromOccurrence = 10 ** (occurrenceBytes - 1);
    this.#toOccurrence = Math.min(10 ** occurrenceBytes, maxInteger);
    this.#wholeMs = -1;
  }
}
