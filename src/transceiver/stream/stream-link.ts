import {
  type CrashSite,
  crashAbility,
  type Event,
  type StreamCommand,
  type StreamHello,
  type StreamOffer,
  type StreamResult,
} from "../../signal/index.js";
import { messageOf, Silence, TurnBatch } from "../../util/index.js";
import type { Link, LinkListener } from "../link.js";
import type { StreamSocket, StreamSocketListener } from "./stream-socket.js";

const pingIntervalMs = 1_500;
const maxMissedPings = 4;
// A message ends when it has so many characters: long enough to cost nothing, short enough that answers do not wait.
const messageCharacters = 64 * 1024;
const maxBufferedBytes = 16 * 1024 * 1024;

/** The stream (docs/stream.md): one connection for every entity, arrays of signals both ways. */
export class StreamLink implements Link, StreamSocketListener {
  readonly wire = "stream";
  readonly #socket: StreamSocket;
  readonly #listener: LinkListener;
  readonly #maxMessageBytes: number;
  readonly #asksForCrashes: boolean;
  readonly #sites = new Map<string, CrashSite>();
  readonly #unsent = new TurnBatch<Event>((events) => this.#sendAll(events));
  readonly #silence: Silence;
  #isOver = false;

  constructor(socket: StreamSocket, hello: StreamHello, listener: LinkListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#maxMessageBytes = hello.limits.message_bytes;
    this.#asksForCrashes = hello.abilities?.includes(crashAbility) ?? false;
    this.#silence = new Silence({
      intervalMs: pingIntervalMs,
      maxMissed: maxMissedPings,
      ping: () => this.#socket.ping(),
      onSilent: () => this.#lose("it does not answer any more"),
    });
  }

  get isCongested(): boolean {
    return this.#socket.bufferedAmount > maxBufferedBytes;
  }

  send(event: Event): void {
    this.#unsent.push(event);
  }

  /** A server that did not name the ability would take the offer for a broken event. */
  offerCrash(site: CrashSite): boolean {
    if (!this.#asksForCrashes) return false;
    for (const entity of site.entities) {
      this.#sites.set(entity, site);
      this.#say({ type: "offer", ability: crashAbility, entity });
    }
    return true;
  }

  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#unsent.flush();
    this.#end();
    await this.#socket.close(1000, "");
  }

  onMessage(text: string | undefined): void {
    if (this.#isOver) return;
    this.#silence.heard();
    let items: unknown;
    try {
      items = text === undefined ? undefined : JSON.parse(text);
    } catch (error) {
      this.#lose(`it sent what is no JSON: ${messageOf(error)}`);
      return;
    }
    if (Array.isArray(items)) for (const item of items) this.#take(item);
    else this.#lose("it sent what is no JSON array");
  }

  onSign(): void {
    this.#silence.heard();
  }

  onClose(reason: string): void {
    if (this.#isOver) return;
    this.#end();
    this.#listener.onGone(reason);
  }

  #take(item: unknown): void {
    const { type, message, event_uuid: uuid } = (item ?? {}) as Record<string, unknown>;
    const reason = typeof message === "string" ? message : "it refuses something without a word";
    if (type === "action") this.#listener.onAction(item);
    else if (type === "error" && typeof uuid === "string") this.#listener.onRefused(uuid, reason);
    else if (type === "error") this.#listener.onNotice(reason);
    else if (type === "command") void this.#obey(item as StreamCommand);
    // What a later version may send beside these is not for us.
  }

  async #obey({ id, ability, entity }: StreamCommand): Promise<void> {
    const site = ability === crashAbility ? this.#sites.get(entity) : undefined;
    try {
      if (site === undefined) throw new Error(`${entity} did not offer ${ability}`);
      const { lost, failed } = await site.crash();
      this.#say({ type: "result", id, lost, failed });
    } catch (error) {
      this.#say({ type: "result", id, error: messageOf(error) });
    }
  }

  #say(item: StreamOffer | StreamResult): void {
    if (!this.#isOver) this.#socket.send(JSON.stringify([item]));
  }

  #sendAll(events: readonly Event[]): void {
    if (this.#isOver) return; // who took them has been told that the link is gone
    let message = "";
    for (const event of events) {
      const text = this.#textOf(event);
      if (text === undefined) continue;
      message += message === "" ? `[${text}` : `,${text}`;
      if (message.length < messageCharacters) continue;
      this.#socket.send(`${message}]`);
      message = "";
    }
    if (message !== "") this.#socket.send(`${message}]`);
  }

  #textOf(event: Event): string | undefined {
    try {
      const text = JSON.stringify(event);
      // UTF-8 takes at most three bytes for a character of JavaScript.
      const room = this.#maxMessageBytes - messageCharacters * 3 - 2;
      if (text.length * 3 <= room || Buffer.byteLength(text) <= room) return text;
      this.#listener.onRefused(event.uuid, `a ${event.class} is longer than a message may be`);
    } catch (error) {
      this.#listener.onRefused(event.uuid, `a ${event.class} has no JSON: ${messageOf(error)}`);
    }
    return undefined;
  }

  #lose(reason: string): void {
    if (this.#isOver) return;
    this.#end();
    void this.#socket.close(1002, "");
    this.#listener.onGone(reason);
  }

  #end(): void {
    this.#isOver = true;
    this.#silence.stop();
  }
}
