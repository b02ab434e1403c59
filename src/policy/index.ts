/**
 * Who decides: a policy answers each event with an action and a delay. The registry maps the names that a config
 * may give (`explorePolicy`) to entries: summary, table of parameters, factory. docs/policies.md is made from it.
 *
 * A user's own policy is made by `definePolicy`, which gives it a word for each answer; src/user-policy loads it from
 * its file. It may promise an answer; the built-in ones have theirs ready (`ImmediatePolicy`).
 *
 * Invariants: a built-in policy touches no timer, no `Date`, no `Math.random` and no I/O; its context gives clock and
 * chance. That is what makes a run repeatable from its seed.
 */
export * from "./author-context.js";
export * from "./decision-streams.js";
export * from "./define-policy.js";
export * from "./earlier-run.js";
export * from "./fault-action.js";
export * from "./fault-rules/index.js";
export * from "./policy.js";
export * from "./policy-entry.js";
export * from "./policy-trial.js";
export { usesRealtime } from "./proc-policy/index.js";
export * from "./registry.js";
export * from "./render-docs.js";
export * from "./stream-of.js";
