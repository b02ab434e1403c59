/**
 * What every folder may use and what uses none of them: errors, time, chance, durations, the undo stack, the
 * timed queue. Imports Node's core only. Nothing here knows what an event is.
 *
 * Invariants: no module here holds global state; time and chance are arguments (`Clock`, `Random`), because a
 * run must be repeatable from its seed.
 */
export * from "./clock.js";
export * from "./deadline.js";
export * from "./duration.js";
export * from "./errors.js";
export * from "./glob.js";
export * from "./hash.js";
export * from "./make-folders.js";
export * from "./nearest.js";
export * from "./number-words.js";
export * from "./occurrence-table.js";
export * from "./printable.js";
export * from "./random.js";
export * from "./seed.js";
export * from "./shell-word.js";
export * from "./silence.js";
export * from "./timed-queue.js";
export * from "./turn-batch.js";
export * from "./undo-stack.js";
