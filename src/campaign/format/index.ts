/** The campaign's files: their shapes and versions, written and read here alone. */
export * from "./campaign-file.js";
export * from "./fail-on.js";
export * from "./run-line.js";
