/** A report for what CI services read beside JUnit: lines in a log that become annotations, and values for later steps. */
export * from "./render-annotations.js";
export * from "./render-env.js";
