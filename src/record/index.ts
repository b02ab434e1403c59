/**
 * What a run leaves behind: the folder of `--nmz-out` with `run.json`, and the trace, one line for each action. Written
 * here and read here, so that a format has one home (docs/trace.md).
 *
 * Must not know who decides, nor how a run is made. Invariants: formats carry a version; what a killed run left is read as
 * far as it goes; nothing is kept in memory that grows with the run.
 */
export * from "./action-observer.js";
export * from "./line-bytes.js";
export * from "./out-folder.js";
export * from "./read-lines.js";
export * from "./read-trace.js";
export * from "./recorded-decision.js";
export * from "./stored-run.js";
export * from "./trace-line.js";
export * from "./trace-version.js";
export * from "./trace-writer.js";
export * from "./write-derived-run.js";
export * from "./write-entries.js";
