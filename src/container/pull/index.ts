/**
 * The image of a run: looked for, pulled when the policy says so, its progress shown as docker shows it. Knows the
 * engine's `inspectImage` and `pullImage` and nothing of containers.
 *
 * Invariants: everything goes to stderr, because stdout is the workload's; an interrupted pull leaves nothing behind but
 * the layers that the engine keeps for the next one.
 */
export * from "./ensure-image.js";
export type { ProgressOutput } from "./progress-display.js";
