/**
 * /proc, as far as threads go: which threads a process has, which processes descend from it, when it started.
 *
 * Must not know what is done with them. Invariant: a process that has gone is an empty list or `undefined`, never an
 * exception, because processes go while one reads. See proc(5).
 */
export * from "./process-start.js";
export * from "./process-tree.js";
