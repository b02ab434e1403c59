import { maxDigitBytes, putInteger, putMilliseconds } from "./digits.js";
import type { LineBytes } from "./line-bytes.js";
import type { RepeatedLine } from "./repeated-line.js";

const part = {
  time: Buffer.from('{"t":'),
  arrived: Buffer.from(',"arrived":'),
  delay: Buffer.from(',"delayMs":'),
  end: Buffer.from("}\n"),
};

const most = 256;
/** Of a line, beside what is remembered: the parts above, and five numbers. */
const maxOtherBytes = 64 + 5 * maxDigitBytes;

/**
 * Lines about packets that were accepted, which are nearly all of those that come fast: kept as numbers, and made text many at
 * a time. One by one, between a packet and the next, it took twice as long: the code fell out of the CPU's caches each time.
 */
export class PacketLines {
  readonly #atMs = new Float64Array(most);
  readonly #occurrences = new Float64Array(most);
  readonly #repeated: (RepeatedLine | undefined)[] = new Array(most).fill(undefined);
  /** Of the others only. */
  readonly #arrivedMs = new Float64Array(most);
  readonly #delayMs = new Float64Array(most);
  readonly #lengths = new Float64Array(most);
  readonly #starts: Uint8Array[] = new Array(most).fill(part.end);
  readonly #ends: Uint8Array[] = new Array(most).fill(part.end);
  #size = 0;

  get isFull(): boolean {
    return this.#size === most;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** The same line once more, with other numbers. */
  addRepeated(line: RepeatedLine, atMs: number, occurrence: number): void {
    const at = this.#size;
    this.#atMs[at] = atMs;
    this.#occurrences[at] = occurrence;
    this.#repeated[at] = line;
    this.#size = at + 1;
  }

  /** `start` stands between the time and the occurrence; `end` before the length, and for no delay holds that, too. */
  add(
    start: Uint8Array,
    end: Uint8Array,
    {
      atMs,
      arrivedMs,
      delayMs,
    }: { readonly atMs: number; readonly arrivedMs: number; readonly delayMs: number },
    occurrence: number,
    length: number,
  ): void {
    const at = this.#size;
    this.#atMs[at] = atMs;
    this.#arrivedMs[at] = arrivedMs;
    this.#delayMs[at] = delayMs;
    this.#occurrences[at] = occurrence;
    this.#lengths[at] = length;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#repeated[at] = undefined;
    this.#size = at + 1;
  }

  /** Adds all of them to `lines`, and is empty. */
  moveTo(lines: LineBytes): void {
    for (let line = 0; line < this.#size; line++) {
      const repeated = this.#repeated[line];
      if (repeated === undefined) this.#put(line, lines);
      else {
        const bytes = lines.room(repeated.maxBytes);
        lines.wrote(repeated.put(bytes, lines.length, this.#atMs[line]!, this.#occurrences[line]!));
      }
    }
    this.#size = 0;
  }

  #put(line: number, lines: LineBytes): void {
    const start = this.#starts[line]!;
    const end = this.#ends[line]!;
    const atMs = this.#atMs[line]!;
    const arrivedMs = this.#arrivedMs[line]!;
    const delayMs = this.#delayMs[line]!;
    const bytes = lines.room(start.length + end.length + maxOtherBytes);
    const timeStart = put(bytes, lines.length, part.time);
    const timeEnd = putMilliseconds(bytes, timeStart, atMs);
    bytes.set(start, timeEnd);
    let at = putInteger(bytes, timeEnd + start.length, this.#occurrences[line]!);
    at = put(bytes, at, part.arrived);
    if (arrivedMs !== atMs) at = putMilliseconds(bytes, at, arrivedMs);
    else for (let i = timeStart; i < timeEnd; i++) bytes[at++] = bytes[i]!;
    if (delayMs !== 0) at = putMilliseconds(bytes, put(bytes, at, part.delay), delayMs);
    bytes.set(end, at);
    at = putInteger(bytes, at + end.length, this.#lengths[line]!);
    lines.wrote(put(bytes, at, part.end));
  }
}

/** Byte by byte: for a few that is quicker than asking for a copy. */
function put(bytes: Uint8Array, at: number, short: Uint8Array): number {
  for (let i = 0; i < short.length; i++) bytes[at + i] = short[i]!;
  return at + short.length;
}
