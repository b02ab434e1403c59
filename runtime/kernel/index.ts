/**
 * The Linux kernel, spoken to in its own protocols: nfnetlink_queue, FUSE, scheduling attributes, process
 * events, namespaces, mounts, cgroups. System calls go through koffi, loaded in libc.ts and nowhere else.
 *
 * Knows nothing of events, actions or policies, and nothing of container engines. A thread that waits on a kernel
 * descriptor is a worker that blocks in a system call; what it fetches it hands over in a shared ring.
 *
 * Invariants: every call that can fail throws a SyscallError that names call, subject and errno; every thread
 * started here can be stopped within a second; a change to the machine is paired with its undo.
 */
export * from "./capabilities/index.js";
export * from "./cgroup/index.js";
export * from "./first-process/index.js";
export * from "./fuse/index.js";
export * from "./launch/index.js";
export * from "./libc.js";
export * from "./mount/index.js";
export * from "./native-memory.js";
export * from "./netns/index.js";
export * from "./nfqueue/index.js";
export * from "./packet-rules/index.js";
export * from "./proc-events/index.js";
export * from "./procfs/index.js";
export * from "./sched/index.js";
export * from "./shared-ring.js";
export * from "./socket-peer.js";
export * from "./spawn-worker.js";
export * from "./terminal/index.js";
export * from "./timens/index.js";
