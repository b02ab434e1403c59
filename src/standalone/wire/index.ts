/**
 * The way from an inspector to whoever decides: `local://` is an orchestrator made here, with its config, seed and trace;
 * `http://…` is one elsewhere. What was asked for is checked (`planWire`) before anything is opened.
 *
 * Must not know which inspector will use it. Invariant: what `openWire` opened is on the undo stack it was given.
 */
export * from "./open-wire.js";
export * from "./plan-wire.js";
