/**
 * Time namespaces (time_namespaces(7), Linux 5.6): programs whose CLOCK_MONOTONIC and CLOCK_BOOTTIME are ahead of the
 * machine's, or behind. There is one CLOCK_REALTIME for all, so the date is nobody's own.
 *
 * A process cannot change its own namespace while it has threads, and Node always has some. So a thread of ours makes the
 * namespace, and nsenter(1), which has one thread, enters it and becomes the program by exec(2): its pid, terminal, group
 * and exit code are as without.
 *
 * Must not know why a clock is shifted. Invariants: no thread of ours that starts programs is ever in such a namespace or
 * makes children in one; a namespace ends with its last process and descriptor, so there is nothing to undo.
 */
export * from "./clock-offsets.js";
export * from "./enter-time-namespace.js";
export * from "./time-namespace.js";
