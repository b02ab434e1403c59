/**
 * The npm package `fuse-native` (FUSE 2.9's path-based interface) as a second driver of `FilesystemServer`: a second witness in
 * the integration tests and the yardstick of the benchmarks, not the default. What it cannot do is one table in
 * docs/drivers.md.
 *
 * Its operations arrive on the main thread, one call each. Two rules keep that from locking up: the folder behind is
 * touched by asynchronous calls only, and nothing here ever opens, stats or lists the mount itself.
 *
 * The package is optional and loaded by name when it is asked for (library.ts), so nobody who stays with our own
 * driver needs it or libfuse2. To be dropped when the package no longer loads on a supported Node.
 */
export * from "./held-operations.js";
export * from "./library.js";
export * from "./mirror-operations.js";
export * from "./mount-state.js";
export * from "./open-files.js";
