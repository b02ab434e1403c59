import {
  type Action,
  type ActionSink,
  actionFromJson,
  answeredEvent,
  type Event,
  EventAcceptanceAction,
} from "../signal/index.js";
import { messageOf } from "../util/index.js";
import type { Notices } from "./notices.js";
import { WaitingEvents } from "./waiting-events.js";

// Births of threads come in bursts; each is an event that nobody holds.
const maxUnheld = 4_096;

/** What waits for an answer, and the giving of answers: the orchestrator's, or acceptance where there is none. */
export class EventLedger {
  readonly #name: string;
  readonly #notices: Notices;
  readonly #waiting = new WaitingEvents(maxUnheld);
  #answered = 0;
  #acceptedUnseen = 0;
  #ignored = 0;

  /** `name` is what messages call the orchestrator. */
  constructor(name: string, notices: Notices) {
    this.#name = name;
    this.#notices = notices;
  }

  get counts() {
    return {
      answered: this.#answered,
      acceptedUnseen: this.#acceptedUnseen,
      waiting: this.#waiting.size,
      ignored: this.#ignored,
    };
  }

  /** How many deferred events wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** False when the event could not be kept, and has been accepted. */
  add(event: Event, sink: ActionSink): boolean {
    try {
      event.retain();
    } catch (error) {
      this.#notices.sayOnce("retain", `a ${event.class} could not be kept: ${messageOf(error)}`);
      this.accept(event, sink);
      return false;
    }
    this.#waiting.add(event, sink);
    return true;
  }

  /** Takes an action's JSON to the event that it answers. */
  answer(json: unknown): void {
    const waiting = this.#waitingFor(json);
    if (waiting === undefined) return;
    const { event, sink } = waiting;
    let action: Action;
    try {
      action = actionFromJson(json, event);
    } catch (error) {
      const line = `${this.#name} sent no answer to a ${event.class}: ${messageOf(error)}: accepted`;
      this.#notices.sayOnce("nonsense", line);
      this.accept(event, sink);
      return;
    }
    this.#answered += 1;
    if (action.isDelivered) this.#deliver(event, action, sink);
    else if (event.deferred) this.#deliver(event, new EventAcceptanceAction(event), sink);
  }

  /** There will be no answer to this one. */
  acceptOne(uuid: string): void {
    const waiting = this.#waiting.take(uuid);
    if (waiting !== undefined) this.accept(waiting.event, waiting.sink);
  }

  acceptEntity(entity: string): void {
    for (const { event, sink } of this.#waiting.takeEntity(entity)) this.accept(event, sink);
  }

  acceptAll(): void {
    for (const { event, sink } of this.#waiting.takeAll()) this.accept(event, sink);
  }

  /** An event that does not wait. Nobody waits for one that is not deferred. */
  accept(event: Event, sink: ActionSink): void {
    if (!event.deferred) return;
    this.#acceptedUnseen += 1;
    this.#deliver(event, new EventAcceptanceAction(event), sink);
  }

  #waitingFor(json: unknown) {
    let uuid: string | undefined;
    try {
      uuid = answeredEvent(json);
    } catch (error) {
      this.#notices.sayOnce("action", `${this.#name} sent what is no action: ${messageOf(error)}`);
    }
    const waiting = uuid === undefined ? undefined : this.#waiting.take(uuid);
    if (waiting !== undefined) return waiting;
    this.#ignored += 1;
    this.#notices.sayOnce(
      "unknown",
      `${this.#name} answered an event that does not wait (any more): ignored`,
    );
    return undefined;
  }

  #deliver(event: Event, action: Action, sink: ActionSink): void {
    try {
      sink.deliver(event, action);
    } catch (error) {
      this.#notices.sayOnce("deliver", `a ${action.class} could not be carried out: ${messageOf(error)}`);
    }
  }
}
