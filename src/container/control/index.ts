/**
 * Commands for a run from outside of it: a socket in the run's folder, for root alone, where one JSON line asks and one
 * answers (`messages.ts`). It is opened only for runs that can be commanded (`fs.crash`), so that others pay nothing.
 *
 * Must not know the command line. Invariants: what is asked for is done once, also when the asker leaves before the answer;
 * the run does not end before it is done; the socket goes with the run's folder, also after `kill -9`.
 */
export * from "./ask-run.js";
export * from "./messages.js";
export * from "./run-control.js";
