/**
 * Namazu's REST API, version 3: inspectors POST events, long-poll for actions and DELETE them. The format is the original's;
 * what it left vague or answered with a panic is refused with a status and a JSON error that names the byte or the key.
 *
 * Must not know who decides, nor how HTTP is served. Invariants: an event that was taken in has a place for its action
 * until that is deleted, so no action is lost; entities do not wait for each other; what is outstanding is bounded.
 */
export * from "./drain.js";
export * from "./entity-queues.js";
export { findJsonMistake } from "./json-syntax.js";
export * from "./v3-routes.js";
