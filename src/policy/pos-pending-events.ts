import type { Random } from "../util/index.js";

/** An event that waits for its turn. */
export interface PendingEvent {
  /** Drawn at arrival, and again each time an event that it was racing went on before it. */
  priority: number;
  /** Where its priorities come from. */
  readonly random: Random;
  /** What it is after: events with the same are racing. */
  readonly race: string;
  /** It goes on after those of the same queue that came before it; undefined: it has nobody to stay behind. */
  readonly queue: string | undefined;
  /** When it goes on whatever its priority. */
  readonly dueMs: number;
}

/** The events of one entity that wait, and whose turn it is. */
export class PendingEvents<T extends PendingEvent> {
  /** In order of arrival, so in order of due times. */
  #waiting: T[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  add(event: T): void {
    this.#waiting.push(event);
  }

  /** Those that go on now, in this order: all that are overdue, then the one of the highest priority. */
  step(nowMs: number): T[] {
    const gone = this.#waiting.filter(({ dueMs }) => dueMs <= nowMs);
    // Due times are in order, so these are the first, and nobody stays behind one of a queue that came later.
    this.#waiting = this.#waiting.slice(gone.length);
    for (const event of gone) this.#redraw(event.race);
    const next = this.#highest();
    if (next === undefined) return gone;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#redraw(next.race);
    return [...gone, next];
  }

  #highest(): T | undefined {
    const queues = new Set<string>();
    let highest: T | undefined;
    for (const event of this.#waiting) {
      if (event.queue !== undefined) {
        if (queues.has(event.queue)) continue;
        queues.add(event.queue);
      }
      if (highest === undefined || event.priority > highest.priority) highest = event;
    }
    return highest;
  }

  #redraw(race: string): void {
    for (const event of this.#waiting) if (event.race === race) event.priority = event.random.next();
  }
}
