/**
 * Numbers that chance needs: how sure a rate is, whether two rates differ, which of many differences to believe, and
 * when to stop trying. Each function names the paper it is from, and is tested against values published there or
 * computed by R.
 *
 * Pure: no clock, no chance, no I/O; imports nothing but src/util. Who asks for probabilities outside of their range
 * has a bug, so that is a RangeError and no NmzError.
 */
export * from "./association.js";
export * from "./benjamini-hochberg.js";
export * from "./beta.js";
export * from "./exact-interval.js";
export * from "./fisher.js";
export * from "./normal.js";
export * from "./odds-ratio.js";
export * from "./sequential-test.js";
export * from "./two-arm-test.js";
export * from "./wilson.js";
