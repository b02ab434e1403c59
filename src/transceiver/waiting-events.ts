import type { ActionSink, Event } from "../signal/index.js";

export interface WaitingEvent {
  readonly event: Event;
  readonly sink: ActionSink;
}

/**
 * Events whose action has not come, by uuid. Whoever takes one out is the one who answers it, so none is answered twice.
 *
 * Nobody waits for an event that is not deferred, and most get no action: the last `maxUnheld` of them are remembered,
 * because a ProcSetSchedAction may come, and older ones are forgotten.
 */
export class WaitingEvents {
  readonly #maxUnheld: number;
  readonly #deferred = new Map<string, WaitingEvent>();
  readonly #unheld = new Map<string, WaitingEvent>();

  constructor(maxUnheld: number) {
    this.#maxUnheld = maxUnheld;
  }

  /** How many deferred ones wait. */
  get size(): number {
    return this.#deferred.size;
  }

  add(event: Event, sink: ActionSink): void {
    if (event.deferred) {
      this.#deferred.set(event.uuid, { event, sink });
      return;
    }
    this.#unheld.set(event.uuid, { event, sink });
    if (this.#unheld.size <= this.#maxUnheld) return;
    const [oldest] = this.#unheld.keys();
    if (oldest !== undefined) this.#unheld.delete(oldest);
  }

  take(uuid: string): WaitingEvent | undefined {
    const waiting = this.#deferred.get(uuid);
    if (waiting !== undefined) {
      this.#deferred.delete(uuid);
      return waiting;
    }
    const unheld = this.#unheld.get(uuid);
    if (unheld !== undefined) this.#unheld.delete(uuid);
    return unheld;
  }

  /** Takes out every deferred event, in order of arrival; those that nobody waits for are forgotten. */
  takeAll(): WaitingEvent[] {
    const all = [...this.#deferred.values()];
    this.#deferred.clear();
    this.#unheld.clear();
    return all;
  }

  /** As `takeAll`, for one entity. */
  takeEntity(entity: string): WaitingEvent[] {
    const taken: WaitingEvent[] = [];
    for (const [uuid, waiting] of this.#deferred) {
      if (waiting.event.entity !== entity) continue;
      this.#deferred.delete(uuid);
      taken.push(waiting);
    }
    for (const [uuid, { event }] of this.#unheld) if (event.entity === entity) this.#unheld.delete(uuid);
    return taken;
  }
}
