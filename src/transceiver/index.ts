/**
 * The inspector's end of the wire to whoever decides. An inspector knows this folder and `signal`, never an
 * orchestrator or a policy, so the same inspector serves in one process, over REST or over a stream.
 *
 * A remote wire is made of two things: a link (`rest/`, `stream/`) is one connection from the moment it stands to its
 * loss; `ReconnectingTransceiver` keeps what waits, replaces the link, and knows nothing of HTTP. Nothing is sent twice.
 *
 * Invariant: each deferred event is answered exactly once; where the wire fails, with acceptance (fail-open).
 */
export * from "./local-transceiver.js";
export * from "./open-transceiver.js";
export * from "./remote-transceiver.js";
export * from "./transceiver.js";
