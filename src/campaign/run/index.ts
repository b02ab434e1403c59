/**
 * The loop itself: which run is next, when it is enough, what is kept of a run, and what is done when a run cannot be made.
 * Must not know how a run is made: that is an argument. Invariants: what run number n is (its arm, its seed) depends on the
 * campaign's file and n alone; a run is counted when its line is on disk; an order that got no line is given out again.
 */
export * from "./chooser.js";
export * from "./make-run.js";
export * from "./run-campaign.js";
export * from "./run-orders.js";
export * from "./stop-reason.js";
