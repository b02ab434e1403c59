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
    return parseRegister(readFileSync(fd, "utf8"));
  } catch {
    return { holders: [], ancestors: {} };
  }
}

/** What is whole in the text; what is not is left out. Throws SyntaxError for what is no JSON. */
export function parseRegister(text: string): RealtimeRegister {
  const read = (JSON.parse(text) ?? {}) as { holders?: unknown; ancestors?: unknown };
  const ancestors = Object.entries(read.ancestors ?? {}).filter(([, value]) => typeof value === "number");
  const holders: readonly unknown[] = Array.isArray(read.holders) ? read.holders : [];
  return { holders: holders.filter(isHolder), ancestors: Object.fromEntries(ancestors) };
}

function isHolder(value: unknown): value is RealtimeHolder {
  const { pid, startTicks, folder, originalUs } = (value ?? {}) as Partial<
    Record<keyof RealtimeHolder, unknown>
  >;
  const numbers = [pid, startTicks, originalUs];
  return typeof folder === "string" && numbers.every((number) => typeof number === "number");
}

export function writeRegister(fd: number, register: RealtimeRegister): void {
  ftruncateSync(fd, 0);
  writeSync(fd, JSON.stringify(register), 0);
}

export function isAlive(holder: RealtimeHolder): boolean {
  return processStartTicks(holder.pid) === holder.startTicks;
}
