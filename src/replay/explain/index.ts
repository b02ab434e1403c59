/**
 * What do the runs that fail have in common? Many recorded runs are compared event by event: how late it was, what fault
 * it met, what its threads were given, and which of two events went first. What splits the failures from the rest is listed.
 *
 * Statistical debugging (Liblit et al., "Scalable statistical bug isolation", PLDI 2005) over schedules instead of branches. As
 * there, a predicate is judged only in the runs in which its events came at all: what a failure brings about (an error
 * message and its packets) is in no run that passed, and so explains nothing. Invariants: noise is not sold as a cause
 * (Fisher's exact test, false discoveries after Benjamini and Hochberg over all that was asked); memory is bounded whatever
 * the number of runs and the length of their traces. What predicts need not be the cause: `minimise` tries it out.
 */
export * from "./explain.js";
export * from "./storage-runs.js";
