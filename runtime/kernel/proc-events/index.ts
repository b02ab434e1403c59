/**
 * Births of processes and threads, told by the kernel the moment they happen: the process events connector
 * (CONFIG_PROC_EVENTS, linux/cn_proc.h, linux/connector.h), a netlink socket that announces every fork, exec and exit of
 * the machine. A worker thread blocks in recv(2) and hands over only the births that belong to what is followed.
 *
 * Must not know what is done with a newborn. Invariants: a storm of forks elsewhere costs the worker, not the main
 * thread; when events were lost, or cannot be had at all, the user is told, for the listing of threads finds them later.
 *
 * Revisit when births can be had for one cgroup only (a BPF iterator or pidfd-based way without privileges).
 */
export * from "./birth-filter.js";
export * from "./connector-message.js";
export * from "./proc-events.js";
