/**
 * What this machine can do, row by row, each with its remedy: `nmz doctor` prints all rows, `nmzc run` and `nmz inspectors` ask before
 * they start anything for those that their inspectors cannot do without.
 *
 * Must not know a container engine: its rows are added by the command. Invariants: what can be tried is tried, on a
 * child of our own or in a place made for it, and undone; a probe never throws; nothing is repaired silently.
 */
export * from "./ability.js";
export * from "./probe-abilities.js";
export * from "./require-abilities.js";
