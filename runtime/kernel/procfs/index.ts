/**
 * /proc, as far as threads go: which threads a process has, which processes descend from it, when it started.
 *
 * Must not know what is done with them. Invariant: a process that has gone is an empty list or `undefined`, never an
 * exception, because processes go while one reads. See proc(5).
 */
export * from "./being-killed.js";
export * from "./borrow-descriptor.js";
export * from "./end-process-tree.js";
export * from "./process-facts.js";
export * from "./process-start.js";
export * from "./process-tree.js";
export * from "./program-of-process.js";
