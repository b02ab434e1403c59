/** Decisions in words, for people who have not read the trace's format: what happened to which event, counted as they would count. */
export * from "./decision-words.js";
export * from "./fault-words.js";
export * from "./human-ordinals.js";
export * from "./packet-words.js";
