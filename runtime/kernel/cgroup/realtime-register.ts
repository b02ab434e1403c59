import { ftruncateSync, readFileSync, writeSync } from "node:fs";
import { processStartTicks } from "../procfs/index.js";

/** One container whose real-time group is open now. */
export interface RealtimeHolder {
  /** Who opened it: pid and start time name a process for good. */
  readonly pid: number;
  readonly startTicks: number;
  /** The container's folder in the cpu hierarchy. */
  readonly folder: string;
  /** What its cpu.rt_runtime_us was. */
  readonly originalUs: number;
}

/** What several nmzc processes must know of each other to share a parent group and to put its value back. */
export interface RealtimeRegister {
  holders: RealtimeHolder[];
  /** Folder of a group above a container → what its cpu.rt_runtime_us was before the first of us. */
  readonly ancestors: Record<string, number>;
}

/** Reads the register from its locked file; an empty or broken file is an empty register. */
export function readRegister(fd: number): RealtimeRegister {
  try {
    const read = JSON.parse(readFileSync(fd, "utf8")) as Partial<RealtimeRegister>;
    return { holders: read.holders ?? [], ancestors: read.ancestors ?? {} };
  } catch {
    return { holders: [], ancestors: {} };
  }
}

export function writeRegister(fd: number, register: RealtimeRegister): void {
  ftruncateSync(fd, 0);
  writeSync(fd, JSON.stringify(register), 0);
}

export function isAlive(holder: RealtimeHolder): boolean {
  return processStartTicks(holder.pid) === holder.startTicks;
}
