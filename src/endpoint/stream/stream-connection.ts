import type { WebSocket } from "ws";
import {
  crashAbility,
  type Event,
  eventFromJson,
  type StreamError,
  type StreamHello,
  streamProtocol,
} from "../../signal/index.js";
import { messageOf, Silence, TurnBatch } from "../../util/index.js";
import type { Control } from "../endpoint.js";
import { BatchSink } from "./batch-sink.js";
import { OfferedCrashes } from "./offered-crashes.js";
import { BatchError, readBatch } from "./read-batch.js";
import type { StreamLimits } from "./stream-limits.js";

const maxMissedPings = 3;
const closeTimeoutMs = 500;
// RFC 6455, 7.4.1.
const internalError = 1011;
// A message ends when it has so many characters.
const messageCharacters = 64 * 1024;

/** What all connections of a server share. */
export interface ConnectionTotals {
  events: number;
  refused: number;
  /** Of deferred events without an answer, about. */
  heldBytes: number;
}

/** One client: its events go to whoever decides, the actions come back to this connection, many in a message. */
export class StreamConnection {
  readonly #socket: WebSocket;
  readonly #control: Control;
  readonly #limits: StreamLimits;
  readonly #totals: ConnectionTotals;
  readonly #unsent = new TurnBatch<string>((items) => this.#sendAll(items));
  readonly #silence: Silence;
  readonly #crashes: OfferedCrashes | undefined;
  #held = 0;
  #untakenBytes = 0;
  #isOver = false;

  constructor(socket: WebSocket, control: Control, limits: StreamLimits, totals: ConnectionTotals) {
    this.#socket = socket;
    this.#control = control;
    this.#limits = limits;
    this.#totals = totals;
    this.#silence = new Silence({
      intervalMs: limits.pingIntervalMs,
      maxMissed: maxMissedPings,
      ping: () => socket.ping(undefined, undefined, () => {}),
      onSilent: () => socket.terminate(),
    });
    socket.on("message", (data, isBinary) => this.#onMessage(data as Buffer, isBinary));
    socket.on("ping", () => this.#silence.heard());
    socket.on("pong", () => this.#silence.heard());
    // A frame that is none, or too long: `ws` closes with the fitting code, and says so here.
    socket.on("error", () => {});
    socket.on("close", () => this.#end());
    const hello: StreamHello = {
      type: "hello",
      protocol: streamProtocol,
      limits: { message_bytes: limits.maxMessageBytes, events: limits.maxEvents },
      ...(control.crashes === undefined ? {} : { abilities: [crashAbility] }),
    };
    this.#crashes =
      control.crashes &&
      new OfferedCrashes(control.crashes, (command) => this.#unsent.push(JSON.stringify(command)));
    socket.send(JSON.stringify([hello]));
  }

  /** Deferred events without an answer. */
  get held(): number {
    return this.#held;
  }

  /** What has been answered is sent first. Resolves when the client has let go, or after half a second without it. */
  close(): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState === socket.CLOSED) return Promise.resolve();
    this.#unsent.flush();
    this.#end();
    return new Promise((resolve) => {
      const timer = setTimeout(() => socket.terminate(), closeTimeoutMs);
      socket.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      socket.resume();
      socket.close(1001, "the orchestrator ends");
    });
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#isOver) return;
    this.#silence.heard();
    try {
      const items = readBatch(data, isBinary);
      const sink = new BatchSink(Math.ceil(data.length / items.length), this.#answer);
      for (let index = 0; index < items.length; index++) this.#take(items[index], index, sink);
    } catch (error) {
      this.#refuse({ type: "error", code: "NMZ_STREAM_MESSAGE", message: messageOf(error) });
      this.#unsent.flush();
      this.#end();
      const closeCode = error instanceof BatchError ? error.closeCode : internalError;
      this.#socket.close(closeCode, messageOf(error).slice(0, 100));
    }
  }

  #take(item: unknown, index: number, sink: BatchSink): void {
    if (this.#crashes?.take(item) === true) return;
    let event: Event;
    try {
      event = eventFromJson(item);
    } catch (error) {
      this.#refuse({ ...refusalOf(item, index), code: "NMZ_STREAM_EVENT", message: messageOf(error) });
      return;
    }
    this.#totals.events += 1;
    if (event.deferred) {
      const message = this.#fullness(sink.bytesEach);
      if (message !== undefined) {
        this.#refuse({ ...refusalOf(item, index), code: "NMZ_STREAM_FULL", message });
        return;
      }
      this.#held += 1;
      this.#totals.heldBytes += sink.bytesEach;
    }
    this.#control.submit(event, sink);
  }

  /** Why there is no room for one more event; undefined where there is. */
  #fullness(bytes: number): string | undefined {
    const { maxEvents, maxEventBytes } = this.#limits;
    if (this.#held >= maxEvents) return `${maxEvents} events of this connection have no answer yet`;
    const { heldBytes } = this.#totals;
    if (heldBytes + bytes <= maxEventBytes) return undefined;
    return `${heldBytes} bytes of events have no answer yet, over all connections`;
  }

  readonly #answer = (event: Event, text: string, bytes: number): void => {
    if (event.deferred) {
      this.#held -= 1;
      this.#totals.heldBytes -= bytes;
    }
    if (!this.#isOver) this.#unsent.push(text);
  };

  #refuse(error: StreamError): void {
    this.#totals.refused += 1;
    this.#unsent.push(JSON.stringify(error));
  }

  #sendAll(items: readonly string[]): void {
    let message = "";
    for (const item of items) {
      message += message === "" ? `[${item}` : `,${item}`;
      if (message.length < messageCharacters) continue;
      this.#send(`${message}]`);
      message = "";
    }
    if (message !== "") this.#send(`${message}]`);
  }

  #send(message: string): void {
    const { length } = message;
    this.#untakenBytes += length;
    if (this.#untakenBytes > this.#limits.maxUntakenBytes) this.#socket.pause();
    this.#socket.send(message, () => {
      this.#untakenBytes -= length;
      if (this.#socket.isPaused && this.#untakenBytes <= this.#limits.maxUntakenBytes / 2)
        this.#socket.resume();
    });
  }

  #end(): void {
    this.#isOver = true;
    this.#silence.stop();
    this.#crashes?.end();
  }
}

function refusalOf(item: unknown, index: number): Pick<StreamError, "type" | "index" | "event_uuid"> {
  const { uuid } = (item ?? {}) as { uuid?: unknown };
  return { type: "error", index, ...(typeof uuid === "string" ? { event_uuid: uuid } : {}) };
}
