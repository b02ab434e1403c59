/**
 * Container engines behind one interface, in the testcontainers manner: discovery is a list of small strategies
 * (engine-address.ts) that answer "not applicable" with undefined. dockerode is loaded here and nowhere else.
 * Podman is reached through the same API: its service speaks it, and a second client would double every test.
 *
 * Knows nothing of events or policies, nor of the kernel folder. Invariants: a failure is an EngineError with the
 * engine's own words; output is never gathered in memory; an engine that is not on this host is refused, because
 * everything that follows enters namespaces and mounts.
 *
 * Look again when an engine answers over something other than a unix socket of this host.
 */
export * from "./container-body.js";
export { type DockerConfig, type Environment, readDockerConfig } from "./docker-config.js";
export { sweepEmbedded } from "./embedded/index.js";
export * from "./engine.js";
export { engineVariable, parseEngineChoice } from "./engine-choice.js";
export { engineDifferences } from "./engine-differences.js";
export * from "./engine-error.js";
export * from "./image-reference.js";
export { type OpenOptions, openEngine, openRunningEngine } from "./open-engine.js";
export { openRootEngine } from "./open-root-engine.js";
export { findOwnContainer, type OwnContainer, type OwnMount } from "./own-container.js";
export { packFolder } from "./pack-folder.js";
