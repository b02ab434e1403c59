/** Someone who waits for an entity's next action. Exactly one of the two is called, once. */
export interface Poller {
  /** The action's JSON, with its line feed. It stays in the queue until it is removed. */
  take(body: string): void;
  /** There will be none: another poller has come, or the endpoint closes. */
  giveUp(reason: "displaced" | "closing"): void;
}

/** An event from its POST until the DELETE of its action. */
export interface Outstanding {
  readonly eventUuid: string;
  /** What it holds in memory, about: the event's body, then the action's. */
  bytes: number;
}

interface Answered extends Outstanding {
  readonly body: string;
}

/** What one entity has outstanding: events that are being decided on, and actions that wait to be fetched, oldest first. */
export class EntityQueue {
  readonly #outstanding = new Map<string, Outstanding>();
  readonly #answered = new Map<string, Answered>();
  poller: Poller | undefined;

  /** How many events are outstanding, answered or not. */
  get size(): number {
    return this.#outstanding.size;
  }

  get answeredSize(): number {
    return this.#answered.size;
  }

  /** Nothing in it that would be missed. */
  get isForgettable(): boolean {
    return this.#outstanding.size === 0 && this.poller === undefined;
  }

  has(eventUuid: string): boolean {
    return this.#outstanding.has(eventUuid);
  }

  add(eventUuid: string, bytes: number): void {
    this.#outstanding.set(eventUuid, { eventUuid, bytes });
  }

  /** The action waits from now on. Returns by how many bytes that changes what is held. */
  answer(eventUuid: string, actionUuid: string, body: string): number {
    const before = this.#outstanding.get(eventUuid)?.bytes ?? 0;
    const answered = { eventUuid, bytes: body.length, body };
    this.#outstanding.set(eventUuid, answered);
    this.#answered.set(actionUuid, answered);
    return body.length - before;
  }

  /** The oldest action that waits. */
  get head(): string | undefined {
    return this.#answered.values().next().value?.body;
  }

  remove(actionUuid: string): Outstanding | undefined {
    const answered = this.#answered.get(actionUuid);
    if (answered === undefined) return undefined;
    this.#answered.delete(actionUuid);
    this.#outstanding.delete(answered.eventUuid);
    return answered;
  }
}
