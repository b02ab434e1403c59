import {
  type Action,
  type ActionSink,
  actionFromJson,
  answeredEvent,
  type Event,
  EventAcceptanceAction,
} from "../signal/index.js";
import { type Clock, messageOf, NmzError, systemClock } from "../util/index.js";
import { BackOff } from "./back-off.js";
import { GuardedListener } from "./guarded-listener.js";
import type { Connect, Link, LinkListener } from "./link.js";
import { Notices } from "./notices.js";
import type { RemoteTransceiver, TransceiverCounts, TransceiverState } from "./remote-transceiver.js";
import { WaitingEvents } from "./waiting-events.js";

export interface ReconnectingOptions {
  /** The orchestrator, as messages name it. */
  readonly name: string;
  readonly connect: Connect;
  readonly onWarning: (line: string) => void;
  readonly clock?: Clock;
  /** For the jitter of reconnecting. */
  readonly random?: () => number;
  /** Deferred events that may wait at a time; default 65,536. */
  readonly maxWaiting?: number;
  /** Calls back once after the delay, unless the returned function was called. */
  readonly after?: (delayMs: number, work: () => void) => () => void;
}

// A connection that lasted so long was a good one: the next attempt comes soon again.
const steadyMs = 5_000;
// Births of threads come in bursts; each is an event that nobody holds.
const maxUnheld = 4_096;

/**
 * Keeps one link to an orchestrator and makes a new one when it is lost. What waits when a link is lost is accepted at
 * once, and so is what comes while there is none: the workload goes on, unshaken. Nothing is sent again: an event
 * that was accepted has happened.
 */
export class ReconnectingTransceiver implements RemoteTransceiver {
  readonly #options: ReconnectingOptions;
  readonly #clock: Clock;
  readonly #notices: Notices;
  readonly #backOff: BackOff;
  readonly #waiting = new WaitingEvents(maxUnheld);
  readonly #maxWaiting: number;
  #link: Link | undefined;
  #state: TransceiverState = "connecting";
  #linkedAtMs = 0;
  #cancelRetry: () => void = () => {};
  #closing: Promise<void> | undefined;
  #unseenAtOutage = 0;
  #events = 0;
  #answered = 0;
  #acceptedUnseen = 0;
  #ignored = 0;
  #outages = 0;

  constructor(options: ReconnectingOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#notices = new Notices(options.onWarning);
    this.#backOff = new BackOff(options.random);
    this.#maxWaiting = options.maxWaiting ?? 65_536;
  }

  get state(): TransceiverState {
    return this.#state;
  }

  get wire(): "rest" | "stream" | undefined {
    return this.#link?.wire;
  }

  get counts(): TransceiverCounts {
    return {
      events: this.#events,
      answered: this.#answered,
      acceptedUnseen: this.#acceptedUnseen,
      waiting: this.#waiting.size,
      ignored: this.#ignored,
      outages: this.#outages,
    };
  }

  /** The first attempt. Afterwards it is connected, or away and trying; throws what `connect` says is hopeless. */
  async open(): Promise<void> {
    try {
      await this.#attempt();
    } catch (error) {
      this.#state = "closed";
      throw error;
    }
  }

  send(event: Event, sink: ActionSink): void {
    this.#events += 1;
    const link = this.#link;
    if (link === undefined || !this.#hasRoom(link)) {
      this.#acceptUnseen(event, sink);
      return;
    }
    try {
      event.retain();
    } catch (error) {
      this.#notices.sayOnce("retain", `a ${event.class} could not be kept: ${messageOf(error)}`);
      this.#acceptUnseen(event, sink);
      return;
    }
    this.#waiting.add(event, sink);
    link.send(event);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#state = "closed";
    this.#cancelRetry();
    const link = this.#link;
    this.#link = undefined;
    this.#acceptAll();
    await link?.close();
  }

  #hasRoom(link: Link): boolean {
    if (this.#waiting.size >= this.#maxWaiting) {
      this.#notices.sayOnce(
        "bound",
        `${this.#options.name} has ${this.#maxWaiting} events unanswered: more are accepted unseen`,
      );
      return false;
    }
    if (!link.isCongested) return true;
    this.#notices.sayOnce(
      "congestion",
      `${this.#options.name} takes events too slowly: some are accepted unseen`,
    );
    return false;
  }

  async #attempt(): Promise<void> {
    const listener = new GuardedListener(this.#handlers);
    let link: Link;
    try {
      link = await this.#options.connect(listener);
    } catch (error) {
      if (this.#state === "connecting" && error instanceof NmzError) throw error;
      this.#lost(`cannot be reached (${messageOf(error)})`);
      return;
    }
    if (this.#closing !== undefined) {
      listener.end();
      await link.close();
      return;
    }
    if (listener.isOver) return; // lost while it was being made: `onGone` has seen to it
    this.#link = link;
    this.#linkedAtMs = this.#clock.nowMs();
    const wasAway = this.#state === "away";
    this.#state = "connected";
    if (!wasAway) return;
    const unseen = this.#acceptedUnseen - this.#unseenAtOutage;
    this.#notices.say(`${this.#options.name} is back; ${unseen} events were accepted unseen meanwhile`);
  }

  readonly #handlers: LinkListener = {
    onAction: (json) => this.#onAction(json),
    onRefused: (uuid, reason) => {
      this.#notices.sayOnce(reason, `${this.#options.name}: ${reason}: accepted unseen`);
      const waiting = this.#waiting.take(uuid);
      if (waiting !== undefined) this.#acceptUnseen(waiting.event, waiting.sink);
    },
    onEntityLost: (entity, reason) => {
      this.#notices.sayOnce(reason, `${this.#options.name}: ${reason}: what waits for it is accepted unseen`);
      for (const { event, sink } of this.#waiting.takeEntity(entity)) this.#acceptUnseen(event, sink);
    },
    onNotice: (reason) => this.#notices.sayOnce(reason, `${this.#options.name}: ${reason}`),
    onGone: (reason) => {
      this.#outages += 1;
      const link = this.#link;
      this.#link = undefined;
      if (link !== undefined && this.#clock.nowMs() - this.#linkedAtMs >= steadyMs) this.#backOff.reset();
      void link?.close();
      this.#lost(`is gone (${reason})`);
    },
  };

  #lost(what: string): void {
    if (this.#closing !== undefined) return;
    if (this.#state !== "away") {
      this.#state = "away";
      this.#unseenAtOutage = this.#acceptedUnseen;
      this.#notices.say(`${this.#options.name} ${what}: events are accepted unseen until it is back`);
    }
    const after = this.#options.after ?? afterTimer;
    this.#cancelRetry = after(this.#backOff.nextMs(), () => void this.#attempt());
    this.#acceptAll();
  }

  #onAction(json: unknown): void {
    let uuid: string | undefined;
    try {
      uuid = answeredEvent(json);
    } catch (error) {
      this.#notices.sayOnce("action", `${this.#options.name} sent what is no action: ${messageOf(error)}`);
    }
    const waiting = uuid === undefined ? undefined : this.#waiting.take(uuid);
    if (waiting === undefined) {
      this.#ignored += 1;
      this.#notices.sayOnce(
        "unknown",
        `${this.#options.name} answered an event that does not wait (any more): ignored`,
      );
      return;
    }
    let action: Action;
    try {
      action = actionFromJson(json, waiting.event);
    } catch (error) {
      this.#notices.sayOnce(
        "nonsense",
        `${this.#options.name} sent no answer to a ${waiting.event.class}: ${messageOf(error)}: accepted`,
      );
      this.#acceptUnseen(waiting.event, waiting.sink);
      return;
    }
    this.#answered += 1;
    if (action.isDelivered) this.#deliver(waiting.event, action, waiting.sink);
    else if (waiting.event.deferred)
      this.#deliver(waiting.event, new EventAcceptanceAction(waiting.event), waiting.sink);
  }

  #acceptAll(): void {
    for (const { event, sink } of this.#waiting.takeAll()) this.#acceptUnseen(event, sink);
  }

  #acceptUnseen(event: Event, sink: ActionSink): void {
    if (!event.deferred) return;
    this.#acceptedUnseen += 1;
    this.#deliver(event, new EventAcceptanceAction(event), sink);
  }

  #deliver(event: Event, action: Action, sink: ActionSink): void {
    try {
      sink.deliver(event, action);
    } catch (error) {
      this.#notices.sayOnce("deliver", `a ${action.class} could not be carried out: ${messageOf(error)}`);
    }
  }
}

function afterTimer(delayMs: number, work: () => void): () => void {
  const timer = setTimeout(work, delayMs).unref();
  return () => clearTimeout(timer);
}
