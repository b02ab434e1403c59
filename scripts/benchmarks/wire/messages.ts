/** What the benchmark asks one of its processes for, and what comes back. */
export interface LoadRequest {
  readonly wire: "rest" | "stream" | "pb";
  readonly port: number;
  /** Connections for REST and protobuf, one entity each; names of entities on the one connection of the stream. */
  readonly entities: number;
  /** So long, or so many events. */
  readonly seconds?: number;
  readonly events?: number;
}

export interface LoadFigures {
  readonly events: number;
  readonly eventsPerSecond: number;
  /** From the first byte of an event's way until its action is there, and taken out of the queue; 99th percentile. */
  readonly p99Ms: number;
}

export interface ServerPorts {
  readonly http: number;
  readonly pb: number;
}

export interface ServerMemory {
  /** After a collection: JavaScript's objects and buffers. */
  readonly heapBytes: number;
  /** Of the whole process. */
  readonly residentBytes: number;
}

/** When a load generator is done. */
export class Deadline {
  readonly startMs = performance.now();
  readonly #endMs: number;
  readonly #events: number;

  constructor({ seconds, events }: LoadRequest) {
    this.#endMs = seconds === undefined ? Number.POSITIVE_INFINITY : this.startMs + seconds * 1000;
    this.#events = events ?? Number.POSITIVE_INFINITY;
  }

  isOver(events: number): boolean {
    return events >= this.#events || performance.now() >= this.#endMs;
  }
}

/** How long things took. A million of them are kept as what they are. */
export class Latencies {
  #ms = new Float64Array(1 << 16);
  #count = 0;

  add(ms: number): void {
    if (this.#count === this.#ms.length) {
      const longer = new Float64Array(this.#ms.length * 2);
      longer.set(this.#ms);
      this.#ms = longer;
    }
    this.#ms[this.#count++] = ms;
  }

  figures(startMs: number): LoadFigures {
    const sorted = this.#ms.slice(0, this.#count).sort();
    const seconds = (performance.now() - startMs) / 1000;
    return {
      events: this.#count,
      eventsPerSecond: this.#count / seconds,
      p99Ms: sorted[Math.floor(this.#count * 0.99)] ?? Number.NaN,
    };
  }
}

/** A deferred event's JSON, about as long as an inspector's. */
export function eventText(entity: string, uuid: string): string {
  return `{"class":"FilesystemEvent","deferred":true,"entity":"${entity}","option":{"op":"pre-mkdir","path":"build/objects/${uuid}"},"replay_hint":"pre-mkdir:build/objects","type":"event","uuid":"${uuid}"}`;
}
