/**
 * The stream: for inspectors that see more than REST can carry. One WebSocket for all of a client's entities, on the port
 * of REST v3, with arrays of signals both ways. docs/stream.md is the protocol.
 *
 * Must not know who decides, nor how the HTTP server beside it routes. Invariants: an event that is refused is refused
 * by its uuid, so its client lets it go; a client that does not take its answers is not read from; a client that is gone
 * costs nothing but the answers that nobody takes.
 */
export * from "./attach-stream.js";
export * from "./stream-limits.js";
export * from "./stream-metrics.js";
