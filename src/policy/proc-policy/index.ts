/**
 * How `random` answers a ProcSetEvent: scheduling attributes for each thread of the event, drawn from that event's own
 * source of chance. The three ways are Namazu's, minus what the kernel refuses: RR priority 0, and deadline shares
 * that are too small or add up to more than it admits.
 *
 * An event with all threads is a sweep; one with threads just born gives them what a sweep would have given them on
 * average, so that a workload that forks much is not shaken in another way than one that forks little.
 */
export * from "./create-proc-policy.js";
export * from "./proc-policy.js";
export * from "./sched-attributes.js";
export * from "./uses-realtime.js";
