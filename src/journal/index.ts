/**
 * What must be undone although its maker may be killed: a journal per run in /run/nmzc, and the folder where a run keeps
 * its mount points. Written by whoever runs inspectors (src/container, src/standalone), read by the sweep that cleans
 * up after a `kill -9` (src/container/leftovers.ts).
 *
 * Must not know what is undone or how. Invariant: a record is on disk before the change that it undoes.
 */
export * from "./journal.js";
export * from "./run-folder.js";
