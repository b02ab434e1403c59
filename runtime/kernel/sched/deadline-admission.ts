import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/**
 * How much deadline bandwidth the kernel admits on this machine when nobody else uses any, in CPUs: the share
 * `sched_rt_runtime_us / sched_rt_period_us` of each CPU, less what the kernel's own deadline servers keep (since Linux
 * 6.8, 50 ms of each second for ordinary threads). What others use cannot be read without debugfs: EBUSY tells.
 */
export function admittedDeadlineCpus(): number {
  return admittedDeadlineCpusFor({
    runtimeUs: Number(readFileSync("/proc/sys/kernel/sched_rt_runtime_us", "latin1")),
    periodUs: Number(readFileSync("/proc/sys/kernel/sched_rt_period_us", "latin1")),
    cpuCount: cpus().length,
  });
}

const keptByServers = 0.05;

export function admittedDeadlineCpusFor(machine: {
  /** −1: no limit. */
  readonly runtimeUs: number;
  readonly periodUs: number;
  readonly cpuCount: number;
}): number {
  const share = machine.runtimeUs < 0 ? 1 : machine.runtimeUs / machine.periodUs;
  return Math.max(0, share - keptByServers) * machine.cpuCount;
}
