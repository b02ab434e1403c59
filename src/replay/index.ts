/**
 * What can be done with recorded runs: one's decisions as a policy again (`replay:FOLDER`), which few of them make it fail
 * (`minimise`), what the runs that fail have in common (`explain`), and a decision in words.
 *
 * Must not know an engine, nor how a run is made: whoever can run one is an argument. Invariants: a decision is found
 * again by (entity, replay hint, occurrence), and by its place only where the record does not know the hint; no answer to a question of
 * chance rests on a single run, and the same answers of the trials give the same result.
 */
export * from "./explain/index.js";
export * from "./minimise/index.js";
export * from "./other-runs.js";
export type { ComesAgain } from "./place/index.js";
export * from "./recorded-policy.js";
export * from "./repetition.js";
export * from "./replay-policy.js";
export * from "./words/index.js";
