/** --tune: which ways of shaking are tried on a workload, and the bandit that finds the one under which it fails most often. */
export * from "./choices.js";
export * from "./tuner.js";
