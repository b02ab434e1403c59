/**
 * Pumps events to the policy and actions back, at their time; tells an observer (the trace) of each. Runs on the
 * main thread: inspectors' worker threads only fetch events and carry out answers.
 *
 * Must not know how anything is intercepted. Invariant: each deferred event is answered exactly once, whatever
 * the policy does.
 */
export * from "./error-reporter.js";
export * from "./open-orchestrator.js";
export * from "./orchestrator.js";
export * from "./orchestrator-options.js";
export type { ShellPlace } from "./run-shell.js";
