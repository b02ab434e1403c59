/**
 * Control groups, version 1 and 2: where a container's group is, which threads live in it and below, and (version 1
 * with CONFIG_RT_GROUP_SCHED) how much real-time running time it may have. See cgroups(7) and the kernel's
 * admin-guide/cgroup-v2.rst, scheduler/sched-rt-group.rst.
 *
 * Must not know what a container engine is: a group is found through a pid and recognised by a word in its path.
 * Invariants: nothing here makes or removes a group; a value that is changed is remembered in a file that a later process
 * can read, and is put back when the last of those who needed it is done, however it ended.
 */
export * from "./cgroup-threads.js";
export { tryFileLock, withFileLock } from "./file-lock.js";
export * from "./kill-cgroup.js";
export * from "./locate-cgroup.js";
export * from "./parse-cgroup.js";
export * from "./realtime-groups.js";
export * from "./realtime-shares.js";
