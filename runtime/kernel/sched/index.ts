/**
 * Scheduling attributes of threads: sched_setattr(2) and sched_getattr(2), which libc does not wrap, and what one must
 * know to use them without harm: how to leave SCHED_DEADLINE and how much deadline bandwidth the kernel admits.
 *
 * Must not know why attributes are changed. Invariants: the hot path (`trySetSchedAttributes`) allocates nothing and
 * costs one system call; a failed call is an errno there and a SyscallError elsewhere.
 *
 * Revisit when libc wraps the two calls, or when the kernel no longer leaks the bandwidth of sleeping threads.
 */
export * from "./affinity.js";
export * from "./attributes.js";
export * from "./deadline-admission.js";
export * from "./deadline-state.js";
export * from "./leave-deadline.js";
export * from "./sched-calls.js";
export * from "./urgency.js";
