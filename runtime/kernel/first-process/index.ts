/**
 * Finds a container's first process in the moment between its creation by the container runtime and its exec(2) of
 * the workload, through the cgroup that the engine names after the container. On an idle machine that moment lasts
 * 100–150 ms (measured: network namespace there at 114 ms after the start request, exec at 267 ms), because the
 * engine configures the network in it.
 *
 * The engine itself cannot be asked: it holds the container's lock until the start is over. When the cgroup is
 * somewhere else (a nested engine, a runtime of another kind) nothing is found here, and the caller attaches after
 * the start, late, and says so.
 */
export * from "./first-process.js";
