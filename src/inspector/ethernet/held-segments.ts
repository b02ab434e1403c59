import type { Clock } from "../../util/index.js";

/** A TCP segment in sequence space; SYN and FIN take one number each. `end` is the number after its last. */
export interface Segment {
  /** Direction, addresses and ports. */
  readonly flow: string;
  readonly start: number;
  readonly end: number;
}

interface Flow {
  readonly held: Set<Segment>;
  /** The highest number that was ever held while anything was: what comes after it is new. */
  highest: number;
}

/**
 * Linux does not send a segment again while its first copy waits in a queue of the same host; when its timer has run
 * out meanwhile, it does so at the very moment the first copy leaves. 50 ms also cover a delayed acknowledgement
 * (40 ms), and end before the shortest timer (200 ms) runs out for a copy that was really lost.
 */
const rememberMs = 50;

/**
 * The segments that wait for their verdict, or did until just now. TCP sends a segment again when its
 * acknowledgement is late; a second copy would only double the one that was delayed. What was faulted is forgotten
 * at once, so its next copy counts as new.
 */
export class HeldSegments {
  readonly #clock: Clock;
  readonly #flows = new Map<string, Flow>();
  #released: { readonly segment: Segment; readonly forgetMs: number }[] = [];
  #firstReleased = 0;
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  add(segment: Segment): void {
    const flow = this.#flows.get(segment.flow);
    if (flow === undefined) {
      this.#flows.set(segment.flow, { held: new Set([segment]), highest: segment.end });
    } else {
      flow.held.add(segment);
      if (isBefore(flow.highest, segment.end)) flow.highest = segment.end;
    }
    this.#size += 1;
  }

  /** It has been let go. */
  release(segment: Segment): void {
    this.#forgetReleased();
    this.#released.push({ segment, forgetMs: this.#clock.nowMs() + rememberMs });
  }

  /** It will never arrive. */
  forget(segment: Segment): void {
    const flow = this.#flows.get(segment.flow);
    if (flow === undefined || !flow.held.delete(segment)) return;
    this.#size -= 1;
    if (flow.held.size === 0) this.#flows.delete(segment.flow);
  }

  /**
   * True when every number of the segment is held already, in one piece or several: what is sent again is often
   * cut anew.
   */
  covers(segment: Segment): boolean {
    this.#forgetReleased();
    const flow = this.#flows.get(segment.flow);
    if (flow === undefined || !isBefore(segment.start, flow.highest)) return false;
    let at = segment.start;
    while (isBefore(at, segment.end)) {
      const next = holderOf(at, flow);
      if (next === undefined) return false;
      at = next.end;
    }
    return true;
  }

  #forgetReleased(): void {
    if (this.#released.length === 0) return;
    const nowMs = this.#clock.nowMs();
    let next = this.#released[this.#firstReleased];
    while (next !== undefined && next.forgetMs <= nowMs) {
      this.forget(next.segment);
      next = this.#released[++this.#firstReleased];
    }
    if (this.#firstReleased * 2 > this.#released.length) {
      this.#released = this.#released.slice(this.#firstReleased);
      this.#firstReleased = 0;
    }
  }
}

function holderOf(number: number, flow: Flow): Segment | undefined {
  for (const segment of flow.held) {
    if (!isBefore(number, segment.start) && isBefore(number, segment.end)) return segment;
  }
  return undefined;
}

// Sequence numbers wrap (RFC 9293, 3.4).
function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}
