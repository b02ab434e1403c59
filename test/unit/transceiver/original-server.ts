import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface StoredEvent {
  readonly uuid: string;
  readonly entity: string;
  readonly class: string;
  readonly deferred: boolean;
}

/**
 * A REST v3 server with the manners of Namazu's own (design: "REST API v3"): errors are 500 and text, a GET waits without
 * an end, peeks, and is ended by the next GET for its entity. The test says how events are answered.
 */
export class OriginalServer {
  readonly server: Server;
  /** Every request, as `METHOD path`. */
  readonly requests: string[] = [];
  readonly events: StoredEvent[] = [];
  /** What an event is answered with; undefined: nothing (yet). */
  answer: (event: StoredEvent) => object | undefined = (event) => ({
    class: "EventAcceptanceAction",
    entity: event.entity,
    event_uuid: event.uuid,
    option: {},
    type: "action",
    uuid: `a-${event.uuid}`,
  });
  /** Answers a request instead of the server; true when it did. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** The most GETs that one entity had at a time. */
  mostPollers = 0;
  readonly #queues = new Map<string, { uuid: string }[]>();
  readonly #pollers = new Map<string, ServerResponse>();

  private constructor() {
    this.server = createServer((request, response) => this.#serve(request, response));
  }

  static async start(port = 0): Promise<OriginalServer> {
    const original = new OriginalServer();
    await new Promise<void>((resolve) => original.server.listen(port, "127.0.0.1", resolve));
    return original;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/api/v3`;
  }

  /** As a kill would: connections break. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  push(entity: string, action: object): void {
    const queue = this.#queues.get(entity) ?? [];
    queue.push(action as { uuid: string });
    this.#queues.set(entity, queue);
    this.#wake(entity);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url = "" } = request;
    this.requests.push(`${method} ${url}`);
    if (this.intercept(request, response)) return;
    const [, , , kind = "", entity = "", uuid = ""] = url.split("/").map(decodeURIComponent);
    if (url === "/") response.end(`Hello Namazu! -- RESTInspectorHandler(pid=${process.pid})\n`);
    else if (method === "POST" && kind === "events") this.#take(request, response, entity);
    else if (method === "GET" && kind === "actions") this.#poll(response, entity);
    else if (method === "DELETE" && kind === "actions") {
      const queue = this.#queues.get(entity) ?? [];
      this.#queues.set(
        entity,
        queue.filter((action) => action.uuid !== uuid),
      );
      response.end("{}\n");
    } else response.writeHead(404).end("404 page not found\n");
  }

  #take(request: IncomingMessage, response: ServerResponse, entity: string): void {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => {
      body += piece;
    });
    request.on("end", () => {
      const event = JSON.parse(body) as StoredEvent;
      this.events.push(event);
      response.end("{}\n");
      const action = this.answer(event);
      if (action !== undefined) this.push(entity, action);
    });
  }

  #poll(response: ServerResponse, entity: string): void {
    const older = this.#pollers.get(entity);
    if (older !== undefined) {
      this.mostPollers = 2;
      older.writeHead(500, { "content-type": "text/plain" }).end("could not get action\n");
    }
    this.#pollers.set(entity, response);
    response.on("close", () => {
      if (this.#pollers.get(entity) === response) this.#pollers.delete(entity);
    });
    this.#wake(entity);
  }

  #wake(entity: string): void {
    const [head] = this.#queues.get(entity) ?? [];
    const poller = this.#pollers.get(entity);
    if (head === undefined || poller === undefined) return;
    this.#pollers.delete(entity);
    poller.end(`${JSON.stringify(head)}\n`);
  }
}
