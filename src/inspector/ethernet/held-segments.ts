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
 * The segments that wait for their verdict. TCP sends a segment again when its acknowledgement is late; while the
 * first copy is still held the second would only double it. What has been let go or faulted is forgotten, so its
 * next copy counts as new.
 */
export class HeldSegments {
  readonly #flows = new Map<string, Flow>();
  #size = 0;

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

  remove(segment: Segment): void {
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
