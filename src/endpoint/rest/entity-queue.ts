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
  readonly bytes: number;
  /** The action's JSON, once there is one. */
  readonly body?: string;
}

/** What one entity has outstanding: events that are being decided on, and actions that wait to be fetched, oldest first. */
export class EntityQueue {
  readonly #outstanding = new Map<string, Outstanding>();
  readonly #answered = new Map<string, Outstanding>();
  #unanswered = 0;
  poller: Poller | undefined;

  /** How many events are outstanding, answered or not. */
  get size(): number {
    return this.#unanswered + this.#answered.size;
  }

  get answeredSize(): number {
    return this.#answered.size;
  }

  /** Nothing in it that would be missed. */
  get isForgettable(): boolean {
    return this.size === 0 && this.poller === undefined;
  }

  has(eventUuid: string): boolean {
    return this.#outstanding.has(eventUuid);
  }

  /** An event of that name was added, and has no action yet. */
  awaits(eventUuid: string): boolean {
    const place = this.#outstanding.get(eventUuid);
    return place !== undefined && place.body === undefined;
  }

  add(eventUuid: string, bytes: number): void {
    this.#outstanding.set(eventUuid, { eventUuid, bytes });
    this.#unanswered += 1;
  }

  /**
   * The action waits from now on, beside others where a client gave two events one name. Returns by how many bytes that
   * changes what is held.
   */
  answer(eventUuid: string, actionUuid: string, body: string): number {
    const isAwaited = this.awaits(eventUuid);
    const freed = isAwaited ? this.#outstanding.get(eventUuid)!.bytes : 0;
    if (isAwaited) this.#unanswered -= 1;
    const answered = { eventUuid, bytes: body.length, body };
    this.#outstanding.set(eventUuid, answered);
    this.#answered.set(actionUuid, answered);
    return body.length - freed;
  }

  /** The oldest action that waits. */
  get head(): string | undefined {
    return this.#answered.values().next().value?.body;
  }

  remove(actionUuid: string): Outstanding | undefined {
    const answered = this.#answered.get(actionUuid);
    if (answered === undefined) return undefined;
    this.#answered.delete(actionUuid);
    if (this.#outstanding.get(answered.eventUuid) === answered) this.#outstanding.delete(answered.eventUuid);
    return answered;
  }
}
