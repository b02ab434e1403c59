/**
 * How inspectors in other processes, on other hosts and in other languages reach the orchestrator: REST v3 as Namazu
 * speaks it, a stream for our own inspectors on the same port, protobuf for agents in a JVM. Each turns what comes over
 * its wire into events, submits them, and takes the actions back to the connection that asked.
 *
 * Must not know who decides: it is given a `Control`. Invariants: a client that is slow, wrong or gone costs nobody else
 * anything; every queue is bounded; nothing listens on more than loopback without a token.
 */
export * from "./endpoint.js";
export { isLoopback } from "./listen.js";
export * from "./protobuf/index.js";
export * from "./signal-counts.js";
export * from "./start-http-endpoint.js";
export * from "./stream/index.js";
