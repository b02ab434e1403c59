/**
 * One container run: create → attach → start → wait → undo. `supervise` is the whole of it; around it, the two ways
 * to have it: in this process (`run-in-foreground`) or in one of its own with this one as its client
 * (`background`), which is what survives a lost terminal.
 *
 * Knows engines and inspectors, and wires orchestrator, policy and trace together; knows no command line. Invariants:
 * each change to the machine is on the undo stack and, until undone, in the run's journal; the inspectors are
 * attached before the workload's first instruction, or the user is told that they were not.
 */
export * from "./background/supervise-for-client.js";
export * from "./labels.js";
export * from "./prune.js";
export * from "./replay-container.js";
export * from "./run-container.js";
export * from "./run-io.js";
export * from "./run-request.js";
