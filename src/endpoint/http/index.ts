/**
 * The HTTP server that REST, health, metrics and the stream share: who may come in, which paths there are, how much is
 * borne, what is counted. Plain node:http with a table of eight routes. Over the same wire hono and its adapter served
 * half as many events a second (9,000 against 14,400, where a server that answers at once made 18,500), because each
 * request becomes a Request and a Response of the Fetch API first.
 *
 * Must not know what an event is. Invariants: each request gets one answer; whoever is refused reads why, in one JSON
 * form; a client that is slow, broken or gone costs its connection and nothing else.
 */
export * from "./access.js";
export * from "./closing.js";
export * from "./exchange.js";
export * from "./http-error.js";
export * from "./http-limits.js";
export * from "./http-metrics.js";
export * from "./http-server.js";
export * from "./metric-source.js";
export * from "./metrics-page.js";
export * from "./read-body.js";
export * from "./refuse-socket.js";
export * from "./routes.js";
export * from "./service-routes.js";
export type { UpgradeRoute } from "./upgrades.js";
