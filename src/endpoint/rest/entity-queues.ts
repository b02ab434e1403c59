import type { Action, ActionSink, Event } from "../../signal/index.js";
import { closing, HttpError, type HttpLimits } from "../http/index.js";
import { textOf } from "../text-of.js";
import { EntityQueue, type Poller } from "./entity-queue.js";

export type QueueLimits = Pick<
  HttpLimits,
  "maxEntities" | "maxEventsPerEntity" | "maxEvents" | "maxEventBytes"
>;

const retryLater = { "Retry-After": "1" };

/**
 * A queue per entity, so that one that nobody polls blocks nobody else. An event takes its place when it is taken in and
 * gives it back when its action is deleted; where no place is left the event is refused, and whoever holds the intercepted
 * thing knows it. So an action is never thrown away. An entity exists while it has something outstanding or a poller: a
 * million names that were used once cost nothing.
 */
export class EntityQueues implements ActionSink {
  readonly #limits: QueueLimits;
  readonly #onLostAction: () => void;
  readonly #queues = new Map<string, EntityQueue>();
  #events = 0;
  #answered = 0;
  #bytes = 0;
  #pollers = 0;
  #lostActions = 0;
  #isClosing = false;

  constructor(limits: QueueLimits, onLostAction: () => void) {
    this.#limits = limits;
    this.#onLostAction = onLostAction;
  }

  get counts() {
    return {
      entities: this.#queues.size,
      pollers: this.#pollers,
      events: this.#events,
      waitingActions: this.#answered,
      bytes: this.#bytes,
      lostActions: this.#lostActions,
    };
  }

  get longestQueue(): number {
    let longest = 0;
    for (const queue of this.#queues.values()) longest = Math.max(longest, queue.answeredSize);
    return longest;
  }

  /** A place for the event's action. Throws an HttpError where there is none. */
  admit(event: Event, bytes: number): void {
    const { entity, uuid } = event;
    if (this.#isClosing) throw closing();
    const queue = this.#queues.get(entity);
    if (queue?.has(uuid) === true) {
      throw new HttpError(
        409,
        "NMZ_REST_UUID_TWICE",
        `the event ${uuid} of ${entity} is already being answered`,
        {
          hint: "its action comes from GET /api/v3/actions/{entity}; a new event needs a new uuid",
        },
      );
    }
    if ((queue?.size ?? 0) >= this.#limits.maxEventsPerEntity) {
      throw new HttpError(429, "NMZ_REST_QUEUE_FULL", `${entity} has ${queue?.size} events outstanding`, {
        hint: "GET and DELETE its actions before sending more events",
        headers: retryLater,
      });
    }
    if (this.#events >= this.#limits.maxEvents || this.#bytes + bytes > this.#limits.maxEventBytes) {
      throw full(`${this.#events} events of ${this.#bytes} bytes are outstanding over all entities`);
    }
    // Whoever holds nothing waits for nothing: most such events get no action at all.
    if (!event.deferred) return;
    this.#queueFor(entity).add(uuid, bytes);
    this.#events += 1;
    this.#bytes += bytes;
  }

  deliver(event: Event, action: Action): void {
    const { entity, uuid } = event;
    const body = `${textOf(action, event, this)}\n`;
    let queue = this.#queues.get(entity);
    if (queue?.awaits(uuid) !== true) {
      if (!this.#hasRoomFor(queue)) {
        this.#lostActions += 1;
        if (this.#lostActions === 1) this.#onLostAction();
        return;
      }
      queue ??= this.#queueFor(entity);
      this.#events += 1;
    }
    this.#bytes += queue.answer(uuid, action.uuid, body);
    this.#answered += 1;
    this.#takePoller(queue)?.take(body);
  }

  /** The oldest action that waits for the entity, which stays where it is. */
  head(entity: string): string | undefined {
    return this.#queues.get(entity)?.head;
  }

  /** Waits for the next action; whoever waited before gives up. Throws an HttpError when it cannot wait. */
  wait(entity: string, poller: Poller): void {
    if (this.#isClosing) throw closing();
    const queue = this.#queueFor(entity);
    const older = this.#takePoller(queue);
    queue.poller = poller;
    this.#pollers += 1;
    older?.giveUp("displaced");
  }

  /** The poller is gone. */
  leave(entity: string, poller: Poller): void {
    const queue = this.#queues.get(entity);
    if (queue === undefined || queue.poller !== poller) return;
    this.#takePoller(queue);
    this.#forget(entity, queue);
  }

  /** Nothing happens where there is no such action. */
  remove(entity: string, actionUuid: string): void {
    const queue = this.#queues.get(entity);
    const removed = queue?.remove(actionUuid);
    if (queue === undefined || removed === undefined) return;
    this.#events -= 1;
    this.#answered -= 1;
    this.#bytes -= removed.bytes;
    this.#forget(entity, queue);
  }

  /** No event is taken any more, and nobody waits: what is answered can still be fetched. */
  beginClosing(): void {
    this.#isClosing = true;
    for (const [entity, queue] of [...this.#queues]) {
      this.#takePoller(queue)?.giveUp("closing");
      this.#forget(entity, queue);
    }
  }

  #queueFor(entity: string): EntityQueue {
    let queue = this.#queues.get(entity);
    if (queue !== undefined) return queue;
    if (this.#queues.size >= this.#limits.maxEntities) {
      throw full(`${this.#queues.size} entities have events outstanding or pollers`);
    }
    queue = new EntityQueue();
    this.#queues.set(entity, queue);
    return queue;
  }

  #hasRoomFor(queue: EntityQueue | undefined): boolean {
    if (this.#events >= this.#limits.maxEvents || this.#bytes >= this.#limits.maxEventBytes) return false;
    if (queue === undefined) return this.#queues.size < this.#limits.maxEntities;
    return queue.size < this.#limits.maxEventsPerEntity;
  }

  #takePoller(queue: EntityQueue): Poller | undefined {
    const { poller } = queue;
    if (poller === undefined) return undefined;
    queue.poller = undefined;
    this.#pollers -= 1;
    return poller;
  }

  #forget(entity: string, queue: EntityQueue): void {
    if (queue.isForgettable) this.#queues.delete(entity);
  }
}

function full(what: string): HttpError {
  return new HttpError(503, "NMZ_REST_FULL", what, {
    hint: "some inspector does not fetch its actions; GET /metrics says how many wait",
    headers: retryLater,
  });
}
