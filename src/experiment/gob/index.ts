/**
 * Go's gob, read: the original's storage holds its counter, its traces and (in 2015) its results in it. Nothing but the
 * counter is ever written, because all that a gob says stands in JSON beside it.
 *
 * Knows nothing of experiments. Invariant: whatever the bytes are, the only thing thrown is a GobError.
 */
export * from "./decode-gob.js";
export * from "./go-time.js";
