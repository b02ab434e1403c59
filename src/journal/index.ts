/**
 * What must be undone although its maker may be killed: a journal per run in /run/nmzc, the folder where a run keeps its
 * mount points, and the sweep that cleans up after a `kill -9`. Written by whoever runs inspectors (src/container,
 * src/standalone), swept by both, and by `prune`.
 *
 * Must not know a container engine: who sweeps hands in what undoes a container's records. Invariants: a record is on
 * disk before the change that it undoes; only what a dead process left is touched; undoing twice does nothing.
 */
export * from "./journal.js";
export * from "./journal-content.js";
export * from "./run-folder.js";
export * from "./sweep.js";
export * from "./undo-record.js";
