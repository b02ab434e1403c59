/**
 * Which few decisions of a recorded run make it fail? Deleting, as Zeller and Hildebrandt's ddmin does, first whole
 * classes and streams of events, then single decisions, then threads of one; then rounder and shorter delays.
 *
 * A run may fail or pass by chance, so a question ("does it fail without these?") is asked as often as it takes to tell
 * apart two rates, that of the whole record and that of nothing at all: Wald's sequential test. Invariants: what says "yes"
 * wrongly loses the cause, so all wrong yeses of a search together are as rare as 1 − confidence; who has no more
 * patience says "no"; the result is confirmed on fresh runs, which took no part in choosing it.
 */
export * from "./ddmin.js";
export * from "./measure.js";
export * from "./minimise.js";
