/**
 * nmzc in a container of its own (the published image), at work on the engine that runs that container: the workload's
 * containers are siblings. What has to be the host's (its pids, its network, its cgroups, a mount namespace that the engine
 * sees) is either given to our container, or had by starting a sibling of it that is given all of that and nothing else;
 * this process is then a wire to it: streams, terminal, signals, exit code.
 *
 * Outside of the image nothing of this is loaded but `host-paths`, which then changes no path. Invariants: what cannot be had
 * is refused before anything is made, with the flag to add; a path that only our container has is never given to the
 * engine, which would take another folder for it; when the container that the user sees ends, whichever way, the sibling
 * ends its workloads and undoes them.
 *
 * Look again when an engine can tell a container's processes to others, or mounts become visible across containers.
 */
export * from "./enter-host.js";
export * from "./host-paths.js";
