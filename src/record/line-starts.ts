import type { Hash64 } from "../util/index.js";
import { type QuotedEnds, quotedEnds } from "./quoted-names.js";
import type { RepeatedLine } from "./repeated-line.js";

const slots = 4096;
/** Of paths, and of what a wire brings, there may be long ones. */
const maxBytes = 512;

/** How the line of an accepted packet begins and ends. */
export interface LineStart {
  /** The classes, the entity, the hint. */
  readonly bytes: Uint8Array;
  /** Of the packet that came last with this beginning: other connections have other ends. */
  srcEntity: string;
  dstEntity: string;
  /** What it brought for the two, to know them again by. */
  known: object | undefined;
  ends: QuotedEnds;
  /** Of that packet; undefined when its ends were others than those of the one before. */
  length: number | undefined;
  /** Where it came a second time, the same in all this. */
  repeated: RepeatedLine | undefined;
}

/**
 * How lines begin that say that the same packet was accepted, as bytes. Found by the 64 bits of the event's key, by which occurrences are
 * counted, too. One that falls on another's place displaces it, so memory is bounded (6 MiB).
 */
export class LineStarts {
  readonly #high = new Uint32Array(slots);
  readonly #low = new Uint32Array(slots);
  readonly #starts: (LineStart | undefined)[] = new Array(slots).fill(undefined);

  of({ high, low }: Hash64): LineStart | undefined {
    const slot = low & (slots - 1);
    return this.#low[slot] === low && this.#high[slot] === high ? this.#starts[slot] : undefined;
  }

  remember({ high, low }: Hash64, bytes: Uint8Array): void {
    if (bytes.length > maxBytes) return;
    const slot = low & (slots - 1);
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#starts[slot] = {
      bytes,
      srcEntity: "",
      dstEntity: "",
      known: undefined,
      ends: quotedEnds("", ""),
      length: undefined,
      repeated: undefined,
    };
  }
}
