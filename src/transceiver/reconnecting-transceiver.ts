import type { ActionSink, CrashSite, Event } from "../signal/index.js";
import { type Clock, messageOf, NmzError, systemClock } from "../util/index.js";
import { BackOff } from "./back-off.js";
import { EventLedger } from "./event-ledger.js";
import { GuardedListener } from "./guarded-listener.js";
import type { Connect, Link, LinkListener } from "./link.js";
import { Notices } from "./notices.js";
import type { RemoteTransceiver, TransceiverCounts, TransceiverState } from "./remote-transceiver.js";

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
}

// A connection that lasted so long was a good one: the next attempt comes soon again.
const steadyMs = 5_000;

/**
 * Keeps one link to an orchestrator and makes a new one when it is lost. What waits when a link is lost is accepted at
 * once, and so is what comes while there is none: the workload goes on, unshaken. Nothing is sent again: an event
 * that was accepted has happened.
 */
export class ReconnectingTransceiver implements RemoteTransceiver {
  readonly #name: string;
  readonly #connect: Connect;
  readonly #clock: Clock;
  readonly #notices: Notices;
  readonly #backOff: BackOff;
  readonly #maxWaiting: number;
  readonly #ledger: EventLedger;
  readonly #sites: CrashSite[] = [];
  #link: Link | undefined;
  #state: TransceiverState = "connecting";
  #linkedAtMs = 0;
  #retry: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #unseenBefore = 0;
  #events = 0;
  #outages = 0;

  constructor(options: ReconnectingOptions) {
    this.#name = options.name;
    this.#connect = options.connect;
    this.#clock = options.clock ?? systemClock;
    this.#notices = new Notices(options.onWarning);
    this.#backOff = new BackOff(options.random);
    this.#maxWaiting = options.maxWaiting ?? 65_536;
    this.#ledger = new EventLedger(options.name, this.#notices);
  }

  get state(): TransceiverState {
    return this.#state;
  }

  get wire(): "rest" | "stream" | undefined {
    return this.#link?.wire;
  }

  get counts(): TransceiverCounts {
    return { events: this.#events, ...this.#ledger.counts, outages: this.#outages };
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
    if (link === undefined || !this.#hasRoom(link)) this.#ledger.accept(event, sink);
    else if (this.#ledger.add(event, sink)) link.send(event);
  }

  offerCrash(site: CrashSite): void {
    this.#sites.push(site);
    if (this.#link !== undefined) this.#announce(this.#link, site);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#retry);
    const link = this.#link;
    this.#link = undefined;
    this.#ledger.acceptAll();
    await link?.close();
  }

  #announce(link: Link, site: CrashSite): void {
    if (link.offerCrash(site)) return;
    const line = `${this.#name} cannot ask for a crash: it knows none, or not over ${link.wire}`;
    this.#notices.sayOnce("crash", line);
  }

  #hasRoom(link: Link): boolean {
    if (this.#ledger.size >= this.#maxWaiting) {
      const line = `${this.#name} has ${this.#maxWaiting} events unanswered: more are accepted unseen`;
      this.#notices.sayOnce("bound", line);
      return false;
    }
    if (!link.isCongested) return true;
    this.#notices.sayOnce("congestion", `${this.#name} takes events too slowly: some are accepted unseen`);
    return false;
  }

  async #attempt(): Promise<void> {
    const listener = new GuardedListener(this.#handlers);
    let link: Link;
    try {
      link = await this.#connect(listener);
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
    for (const site of this.#sites) this.#announce(link, site);
    const wasAway = this.#state === "away";
    this.#state = "connected";
    if (!wasAway) return;
    const unseen = this.#ledger.counts.acceptedUnseen - this.#unseenBefore;
    this.#notices.say(`${this.#name} is back; ${unseen} events were accepted unseen meanwhile`);
  }

  readonly #handlers: LinkListener = {
    onAction: (json) => this.#ledger.answer(json),
    onRefused: (uuid, reason) => {
      this.#notices.sayOnce(reason, `${this.#name}: ${reason}: accepted unseen`);
      this.#ledger.acceptOne(uuid);
    },
    onEntityLost: (entity, reason) => {
      this.#notices.sayOnce(reason, `${this.#name}: ${reason}: what waits for it is accepted unseen`);
      this.#ledger.acceptEntity(entity);
    },
    onNotice: (reason) => this.#notices.sayOnce(reason, `${this.#name}: ${reason}`),
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
      this.#unseenBefore = this.#ledger.counts.acceptedUnseen;
      this.#notices.say(`${this.#name} ${what}: events are accepted unseen until it is back`);
    }
    this.#retry = setTimeout(() => void this.#attempt(), this.#backOff.nextMs()).unref();
    this.#ledger.acceptAll();
  }
}
