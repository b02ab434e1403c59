import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket } from "ws";
import { type HttpError, refuseSocket } from "../../../../src/endpoint/http/index.js";
import type { Control } from "../../../../src/endpoint/index.js";
import { attachStream, type StreamCounts, type StreamLimits } from "../../../../src/endpoint/stream/index.js";
import type { Action, ActionSink, Event } from "../../../../src/signal/index.js";

/** Answers when the test says so, or at once. */
export class HandControl implements Control {
  readonly taken: { event: Event; sink: ActionSink }[] = [];
  isImmediate = true;
  isEnabled = true;
  counts = { events: 0, delayed: 0, held: 0, errors: 0 };

  setEnabled(isEnabled: boolean): void {
    this.isEnabled = isEnabled;
  }

  submit(event: Event, sink: ActionSink): void {
    this.taken.push({ event, sink });
    if (this.isImmediate) this.#answer(event, sink, event.defaultAction());
  }

  answerAll(): void {
    for (const { event, sink } of this.taken) this.#answer(event, sink, event.defaultAction());
  }

  #answer(event: Event, sink: ActionSink, action: Action): void {
    if (action.isDelivered) sink.deliver(event, action);
  }
}

/** A stream on a port of its own. */
export interface StreamServer {
  readonly url: string;
  readonly counts: StreamCounts;
  close(): Promise<void>;
}

export async function serveStream(
  control: Control,
  limits: Partial<StreamLimits> = {},
): Promise<StreamServer> {
  const server: Server = createServer((_request, response) => response.end());
  let closeStream: () => Promise<void> = async () => {};
  const stream = await attachStream(
    {
      attach: (route) => {
        server.on("upgrade", (request, socket, head) => {
          try {
            route.upgrade(request, socket, head);
          } catch (error) {
            refuseSocket(socket, error as HttpError);
          }
        });
        closeStream = () => route.close();
      },
    },
    { control, limits },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4/stream`,
    get counts() {
      return stream.counts;
    },
    async close() {
      await closeStream();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Item = Record<string, unknown>;

/** A client that somebody else might have written. */
export class StreamClient {
  readonly socket: WebSocket;
  readonly items: Item[] = [];
  readonly messages: string[] = [];
  closed: { code: number; reason: string } | undefined;
  /** Of the upgrade, when it was refused. */
  status: number | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, protocols: string[] = ["nmz-stream.v1"], headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, protocols, { headers });
    this.socket.on("message", (data) => {
      this.messages.push(String(data));
      this.items.push(...(JSON.parse(String(data)) as Item[]));
      this.#check();
    });
    this.socket.on("unexpected-response", (request, response) => {
      this.status = response.statusCode;
      request.destroy();
      this.#check();
    });
    this.socket.on("error", () => {});
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#check();
    });
  }

  send(...items: unknown[]): void {
    this.socket.send(JSON.stringify(items));
  }

  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!isSo()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Resolves with the items of these types when there are so many. */
  async received(count: number, ...types: string[]): Promise<Item[]> {
    const matching = () => this.items.filter(({ type }) => types.includes(String(type)));
    await this.until(() => matching().length >= count);
    return matching();
  }

  #check(): void {
    for (const check of [...this.#waiting]) check();
  }
}

export async function connect(url: string): Promise<StreamClient> {
  const client = new StreamClient(url);
  await client.received(1, "hello");
  return client;
}

/** A deferred event's JSON. */
export function eventJson(uuid: string, more: Item = {}): Item {
  return {
    class: "FilesystemEvent",
    deferred: true,
    entity: "disk",
    option: { op: "pre-mkdir", path: uuid },
    replay_hint: "",
    type: "event",
    uuid,
    ...more,
  };
}
