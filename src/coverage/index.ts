/**
 * JaCoCo's execution data, read without a JVM: which probes of which classes were hit, what that says of their lines and
 * branches, and which branches only failing runs take.
 *
 * Where probes stand is not written down anywhere but in JaCoCo's own code (org.jacoco.core, 0.8), so it is computed here
 * by the same rules from the same class files, and a test compares the counts with JaCoCo's report. Must not know what a
 * storage or a run is. Invariant: whatever the bytes are, the only thing thrown is a CoverageFormatError.
 */
export * from "./byte-reader.js";
export * from "./class-coverage.js";
export * from "./compare-runs.js";
export * from "./jacoco/class-id.js";
export * from "./jacoco/read-execution-data.js";
