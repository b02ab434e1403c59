/**
 * Shakes threads: their scheduling attributes are redrawn at every watch interval, and those of a new thread the moment
 * it is born. Threads are found through the container's cgroup, so a daemon that re-parents does not escape; births come
 * from the kernel's process events, or by listing threads often where the kernel has none.
 *
 * Must not know who decides, nor what a good schedule is: attributes come in a ProcSetSchedAction and are applied as
 * they are, in an order that the kernel's admission control accepts. Invariants: a refusal of the kernel is counted and
 * reported, never thrown; at the end every living thread has what it had before, no deadline bandwidth is lost and the
 * real-time group is closed again.
 *
 * Revisit when the kernel lets a BPF scheduler (sched_ext) be attached to one cgroup: that could shake far more.
 */
export { type CpuShare, cpuShare } from "./cpu-share.js";
export * from "./prepare-proc-inspector.js";
export { ProcInspector } from "./proc-inspector.js";
export * from "./proc-inspector-options.js";
export { closeOutput, type ProcessStarter, type RestartRequest } from "./restarts.js";
