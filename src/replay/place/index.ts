/**
 * Finds recorded events again in another run of the same workload: by (entity, replay hint, occurrence) where the hint is
 * the same, and by their place in a stream of their kind where chance writes the hint anew each time (a session's ID in a
 * packet, a process ID in a file's name).
 *
 * Must not know what was decided on them, nor what is done with it. Invariants: an event whose name the record knows is
 * found by its name and by nothing else; no recorded event is met twice; what is remembered of a run is bounded by the record.
 */
export * from "./event-name.js";
export * from "./recorded-places.js";
