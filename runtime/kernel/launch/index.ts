/**
 * Programs that wait at a gate: started, with a pid, and not yet run, so that whatever is to be done to their process can
 * be done before their first instruction. On plain streams, or on a terminal of their own (node-pty, which is optional and
 * loaded by name).
 *
 * Must not know what is done to the process meanwhile. Invariants: a program whose gate is never opened never runs, also
 * when we are killed; scheduling attributes, namespaces and groups given to the waiting process are the program's.
 */
export * from "./launch.js";
export * from "./launch-on-terminal.js";
export * from "./launched.js";
