/**
 * Events and actions: pure data. An inspector makes events, a policy answers each with an action, and both have
 * one JSON form, Namazu's. Knows neither who decides nor how anything is intercepted.
 *
 * Invariants: wire names are Namazu's (`replay_hint`, `event_uuid`, class names); nothing here does I/O.
 */
export * from "./action.js";
export * from "./action-from-json.js";
export * from "./crash.js";
export * from "./ethernet-frame.js";
export * from "./event.js";
export * from "./event-from-json.js";
export * from "./event-intake.js";
export * from "./event-keys.js";
export * from "./fault.js";
export { filesystemFaultFrom, packetFaultFrom, processFaultFrom } from "./fault-from-json.js";
export * from "./filesystem-event.js";
export * from "./java-function-event.js";
export * from "./json.js";
export * from "./log-event.js";
export * from "./packet-event.js";
export * from "./proc-set-event.js";
export * from "./received-event.js";
export * from "./recorded-decision.js";
export { SignalError } from "./signal-fields.js";
export { stablePath } from "./stable-path.js";
export * from "./stream-protocol.js";
