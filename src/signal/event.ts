import { randomUUID } from "node:crypto";
import { type Action, EventAcceptanceAction, NopAction } from "./action.js";
import type { Option, ReceivedEvent, SignalJson } from "./json.js";

/**
 * Something that was intercepted and, when deferred, waits for exactly one action.
 *
 * Packets come at 300,000 a second and most are accepted unseen, so everything but the entity is computed when
 * first asked for: the UUID, the option, the replay hint.
 */
export abstract class Event {
  abstract readonly class: string;
  /** True when the intercepted thing is held until the action comes. */
  abstract readonly deferred: boolean;
  /** Holds nothing that depends on time or chance: decisions are keyed by it. */
  abstract readonly replayHint: string;
  abstract readonly option: Option;
  /** The name of the inspector (instance) that saw it. */
  readonly entity: string;
  /** Which of its entity and replay hint it is, in order of arrival, from 1; 0 where nobody counts. The trace does. */
  occurrence = 0;
  /** When it came, by the clock of whoever counts. */
  arrivedMs = 0;
  /** What came over a wire, whole: keys that we do not know survive. Undefined for an event that was made here. */
  protected readonly received: ReceivedEvent | undefined;
  #uuid: string | undefined;

  constructor(entity: string, received?: ReceivedEvent) {
    this.entity = entity;
    this.received = received;
    this.#uuid = received?.uuid;
  }

  get uuid(): string {
    this.#uuid ??= randomUUID();
    return this.#uuid;
  }

  /** "Go on as if nobody had looked". */
  defaultAction(): Action {
    return this.deferred ? new EventAcceptanceAction(this) : new NopAction(this);
  }

  /** The fault of this class of event, or undefined where none exists. */
  faultAction(): Action | undefined {
    return undefined;
  }

  /**
   * Called before the event is kept longer than the call that brought it. An event whose data lies in a shared
   * buffer copies it out here.
   */
  retain(): void {}

  toJSON(): SignalJson {
    if (this.received !== undefined) return this.received;
    return {
      class: this.class,
      deferred: this.deferred,
      entity: this.entity,
      option: this.option,
      replay_hint: this.replayHint,
      type: "event",
      uuid: this.uuid,
    };
  }
}
