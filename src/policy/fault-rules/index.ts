/**
 * The fault rules of a config (`[[faults]]`): wrapped around whatever policy was chosen, they put a fault in the place of its
 * action, or add to its delay. What the policy decides they do not change, and neither do they change each other: each rule
 * draws from streams of its own, keyed as the policy's are by (entity, replay hint, occurrence).
 *
 * Must not know how a fault is done. Invariant: without rules the policy is used as it is, at no cost.
 */
export * from "./fault-rules.js";
export * from "./injected-faults.js";
export * from "./render-docs.js";
