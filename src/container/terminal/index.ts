/**
 * The user's side of `nmzc run`: raw mode, window size, detach keys, stdin, output, signals, as docker does them.
 * Knows the streams of an attachment and nothing of how the container was made or what shakes it.
 *
 * Invariants: whatever is changed at the terminal is put back on every way out; stdout and stderr are never mixed
 * without `-t`; writing never blocks the main thread, where packets and files wait for their verdicts; output
 * that the reader does not take waits in the workload, not in memory.
 */

export type { TerminalInput, TerminalOutput } from "../../terminal/index.js";
export * from "./connect-terminal.js";
export { defaultDetachKeys, parseDetachKeys } from "./detach-keys.js";
export { forwardSignals } from "./forward-signals.js";
