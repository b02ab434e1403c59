/**
 * The user's own terminal, for whoever stands between it and a workload (src/container, src/standalone): raw mode that is
 * put back on every way out, writing that never blocks the main thread, the signals that are passed on.
 *
 * Knows no workload and no engine.
 */
export * from "./fd-output.js";
export * from "./forwarded-signals.js";
export * from "./raw-mode.js";
export * from "./streams.js";
