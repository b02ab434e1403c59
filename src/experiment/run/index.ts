/** `nmz run`: one experiment, from the run script to what is kept of it. */
export * from "./run-experiment.js";
