/**
 * The inspector's end of the wire to whoever decides. An inspector knows this folder and `signal`, never an
 * orchestrator or a policy, so the same inspector serves in one process, over REST or over a stream.
 *
 * Invariant: each deferred event is answered exactly once; where the wire fails, with acceptance (fail-open).
 */
export * from "./local-transceiver.js";
export * from "./transceiver.js";
