/**
 * Container engines behind one interface, in the testcontainers manner: discovery is a list of small strategies
 * that answer "not applicable" with undefined. dockerode is loaded here and nowhere else.
 *
 * Knows nothing of events or policies, nor of the kernel folder. Invariant: a failure is an EngineError with the
 * engine's own words.
 */
export * from "./container-body.js";
export * from "./engine.js";
