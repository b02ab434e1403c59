import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../../util/index.js";
import type { AccessRule } from "./access.js";
import { answerBrokenRequests } from "./broken-requests.js";
import { Exchange } from "./exchange.js";
import { HttpError } from "./http-error.js";
import type { HttpLimits } from "./http-limits.js";
import type { HttpMetrics } from "./http-metrics.js";
import { type Route, Routes } from "./routes.js";
import { type UpgradeRoute, Upgrades } from "./upgrades.js";

export interface HttpServerOptions {
  readonly routes: readonly Route[];
  readonly access: AccessRule;
  readonly limits: HttpLimits;
  readonly metrics: HttpMetrics;
  readonly onWarning: (line: string) => void;
}

// How long answers that are being sent may take once no more requests are read.
const lastAnswersMs = 200;

/** node:http with a table of routes: who may come in, what there is, and how it ends. */
export class HttpServer {
  readonly server: Server;
  readonly #routes: Routes;
  readonly #access: AccessRule;
  readonly #metrics: HttpMetrics;
  readonly #onWarning: (line: string) => void;
  readonly #upgrades: Upgrades;
  #hasFailed = false;

  constructor({ routes, access, limits, metrics, onWarning }: HttpServerOptions) {
    this.#routes = new Routes(routes);
    this.#access = access;
    this.#metrics = metrics;
    this.#onWarning = onWarning;
    this.server = createServer(
      {
        headersTimeout: limits.headersTimeoutMs,
        requestTimeout: limits.requestTimeoutMs,
        keepAliveTimeout: limits.keepAliveTimeoutMs,
        connectionsCheckingInterval: Math.max(100, Math.min(5000, limits.headersTimeoutMs / 4)),
        // A long poll has no end of its own: the kernel finds out about clients whose host is gone.
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
      },
      (request, response) => this.#serve(request, response),
    );
    this.server.maxConnections = limits.maxConnections;
    answerBrokenRequests(this.server, metrics);
    this.#upgrades = new Upgrades(this.server, access, metrics);
  }

  attach(route: UpgradeRoute): void {
    this.#upgrades.add(route);
  }

  /** `name: path` of each upgrade, as a flat list. */
  get announcements(): readonly string[] {
    return this.#upgrades.routes.flatMap(({ announcement, path }) => [announcement, path]);
  }

  closeUpgrades(): Promise<void> {
    return this.#upgrades.close();
  }

  /** Lets go of every client. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => {
      this.server.closeAllConnections();
      this.#upgrades.destroySockets();
    }, lastAnswersMs);
    await closed;
    clearTimeout(timer);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const exchange = new Exchange(request, response, this.#metrics, this.#onInternal);
    exchange.attempt(() => this.#dispatch(exchange));
  }

  #dispatch(exchange: Exchange): void {
    const { request } = exchange;
    const { path, query } = targetOf(request.url ?? "/");
    const match = this.#routes.match(path);
    if (match.kind !== "route" || match.route.isOpen !== true) {
      const refusal = this.#access(request);
      if (refusal !== undefined) throw refusal;
    }
    if (match.kind === "moved") {
      exchange.empty(301, ["Location", query === "" ? match.path : `${match.path}?${query}`]);
      return;
    }
    if (match.kind === "none") throw nothingAt(path);
    const { route, params } = match;
    const method = request.method ?? "GET";
    const handler = handlerOf(route, method);
    if (handler === undefined) {
      const allow = allowedMethods(route);
      if (method === "OPTIONS") exchange.empty(204, ["Allow", allow]);
      else throw wrongMethod(method, path, allow);
      return;
    }
    exchange.params = params;
    exchange.query = query;
    exchange.durations = this.#metrics.durationsOf(method, route.path);
    handler(exchange);
  }

  readonly #onInternal = (error: unknown): void => {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#onWarning(`a request could not be served: ${messageOf(error)}`);
  };
}

/** A request's target, which proxies write as a whole address (RFC 9112, 3.2.2). */
function targetOf(url: string): { readonly path: string; readonly query: string } {
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = target.indexOf("?");
  if (mark < 0) return { path: target === "" ? "/" : target, query: "" };
  return { path: target.slice(0, mark) || "/", query: target.slice(mark + 1) };
}

function handlerOf(route: Route, method: string) {
  const name = method === "HEAD" && route.hasHead === true ? "GET" : method;
  return Object.hasOwn(route.handlers, name) ? route.handlers[name] : undefined;
}

function allowedMethods(route: Route): string {
  const methods = Object.keys(route.handlers);
  return [...methods, ...(route.hasHead === true ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

function nothingAt(path: string): HttpError {
  return new HttpError(404, "NMZ_REST_PATH", `there is nothing at ${path}`, {
    hint: "events go to /api/v3/events/{entity}/{uuid}, actions come from /api/v3/actions/{entity}; encode a / in an entity as %2F",
  });
}

function wrongMethod(method: string, path: string, allow: string): HttpError {
  return new HttpError(405, "NMZ_REST_METHOD", `${method} is not for ${path}`, {
    hint: `use ${allow}`,
    headers: { Allow: allow },
  });
}
