/**
 * What intercepts: packets (ethernet; hookswitch where a switch holds them), file operations (fs), threads (proc), log
 * lines (syslog). Each folder turns what it is handed into events, sends them through a transceiver, and does to the
 * kernel or the switch what the actions say.
 *
 * Must not know who decides: no import of orchestrator or policy. Invariant: an inspector that stops or fails
 * leaves the workload running as if it had never been there.
 */
export * from "./ethernet/index.js";
export * from "./fs/index.js";
export * from "./hookswitch/index.js";
export * from "./inspector.js";
export * from "./proc/index.js";
export * from "./summary.js";
export * from "./syslog/index.js";
