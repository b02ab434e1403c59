/**
 * The folder in which experiments are kept, laid out as the original lays it out, so that its tools and scripts read ours
 * and ours read its: a counter, the config, the materials, and a folder for each run. What the original has no
 * place for (how a run ended that has no result) stands in files of our own beside it.
 *
 * Must not know how a run is made. Invariant: a run that has a result has ended, and its result is whole.
 */
export * from "./go-json.js";
export * from "./layout.js";
export * from "./result-file.js";
export * from "./run-state.js";
export * from "./search-mode-info.js";
export * from "./storage.js";
