/**
 * What can be done with a recorded run: its decisions as a policy again (`replay:FOLDER`).
 *
 * Must not know an engine, nor how a run is made: whoever can run one is an argument. Invariant: a decision is found
 * again by (entity, replay hint, occurrence) and by nothing that another run has differently.
 */
export * from "./recorded-policy.js";
export * from "./replay-policy.js";
