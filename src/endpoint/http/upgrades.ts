import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { AccessRule } from "./access.js";
import { HttpError } from "./http-error.js";
import type { HttpMetrics } from "./http-metrics.js";
import type { MetricSource } from "./metric-source.js";
import { refuseSocket } from "./refuse-socket.js";

/** Another protocol on the same port: a client asks for it with `Upgrade: websocket` at `path`. */
export interface UpgradeRoute {
  readonly path: string;
  /** How `GET /` says that it is there: this header names `path`. */
  readonly announcement: string;
  /** What `GET /metrics` says of it. */
  readonly metrics?: readonly MetricSource[];
  /** For requests that may speak to us. Throws an HttpError for one that is refused. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Called when the endpoint closes, before REST's clients are let go: hands over what is answered, ends all. */
  close(): Promise<void>;
}

/** The upgrades that a server knows. Node asks nobody which ones those are: it hands over every request that names one. */
export class Upgrades {
  readonly #server: Server;
  readonly #access: AccessRule;
  readonly #metrics: HttpMetrics;
  readonly #routes: UpgradeRoute[] = [];
  readonly #sockets = new Set<Duplex>();

  constructor(server: Server, access: AccessRule, metrics: HttpMetrics) {
    this.#server = server;
    this.#access = access;
    this.#metrics = metrics;
  }

  get routes(): readonly UpgradeRoute[] {
    return this.#routes;
  }

  add(route: UpgradeRoute): void {
    if (this.#routes.length === 0) {
      this.#server.on("upgrade", (request, socket, head) => this.#serve(request, socket, head));
    }
    this.#routes.push(route);
  }

  async close(): Promise<void> {
    await Promise.all(this.#routes.map((route) => route.close()));
  }

  destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      this.#serveAsBefore(request, socket, head);
      return;
    }
    socket.on("error", () => socket.destroy());
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    try {
      this.#routeFor(request).upgrade(request, socket, head);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      this.#metrics.countRefusal(error.code);
      refuseSocket(socket, error);
    }
  }

  #routeFor(request: IncomingMessage): UpgradeRoute {
    const refusal = this.#access(request);
    if (refusal !== undefined) throw refusal;
    const path = request.url?.split("?", 1)[0];
    const route = this.#routes.find((each) => each.path === path);
    if (route === undefined) throw new HttpError(404, "NMZ_REST_PATH", `there is no stream at ${path}`);
    return route;
  }

  /**
   * Java's HttpClient offers `Upgrade: h2c` with its first request and expects an HTTP/1.1 answer from whoever does not know
   * it. The request goes through the server once more, without the offer.
   */
  #serveAsBefore(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { method, url, httpVersion, rawHeaders } = request;
    let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const name = rawHeaders[index]!;
      if (!/^(?:upgrade|connection|http2-settings)$/i.test(name))
        text += `${name}: ${rawHeaders[index + 1]}\r\n`;
    }
    if (head.length > 0) socket.unshift(head);
    socket.unshift(Buffer.from(`${text}\r\n`, "latin1"));
    this.#server.emit("connection", socket);
  }
}
