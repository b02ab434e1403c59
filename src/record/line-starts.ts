import { type Action, type Event, EventAcceptanceAction, PacketEvent } from "../signal/index.js";
import type { Hash64 } from "../util/index.js";
import { type QuotedEnds, quotedEnds } from "./quoted-names.js";

const slots = 4096;
/** Of paths, and of what a wire brings, there may be long ones. */
const maxBytes = 512;

/** How a line begins, and for a packet how it ends. */
export interface LineStart {
  readonly action: string;
  readonly event: string;
  /** The classes, the entity, the hint. */
  readonly bytes: Uint8Array;
  readonly isAcceptedPacket: boolean;
  /** Of the packet that came last with this beginning: other connections have other ends. */
  srcEntity: string;
  dstEntity: string;
  ends: QuotedEnds;
}

/**
 * How lines about the same event begin, as bytes. Found by the 64 bits of the event's key, by which occurrences are
 * counted, too. One that falls on another's place displaces it, so memory is bounded (3 MiB).
 */
export class LineStarts {
  readonly #high = new Uint32Array(slots);
  readonly #low = new Uint32Array(slots);
  readonly #starts: (LineStart | undefined)[] = new Array(slots).fill(undefined);

  of({ high, low }: Hash64, action: Action, event: Event): LineStart | undefined {
    const slot = low & (slots - 1);
    if (this.#low[slot] !== low || this.#high[slot] !== high) return undefined;
    const start = this.#starts[slot];
    return start?.action === action.class && start.event === event.class ? start : undefined;
  }

  remember({ high, low }: Hash64, action: Action, event: Event, bytes: Uint8Array): void {
    if (bytes.length > maxBytes) return;
    const slot = low & (slots - 1);
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#starts[slot] = {
      action: action.class,
      event: event.class,
      bytes,
      isAcceptedPacket: action instanceof EventAcceptanceAction && event instanceof PacketEvent,
      srcEntity: "",
      dstEntity: "",
      ends: quotedEnds("", ""),
    };
  }
}
