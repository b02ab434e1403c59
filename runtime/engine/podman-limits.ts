import { readFileSync } from "node:fs";
import type { HostConfig } from "./container-body.js";

type Ulimit = NonNullable<HostConfig["Ulimits"]>[number];

/** Bit of CAP_SYS_RESOURCE in /proc/PID/status (linux/capability.h): who has it may raise limits. */
const sysResourceBit = 24n;

/** The limits that Podman sets for every container, by the names of `--ulimit` and of /proc/PID/limits. */
const limits = [
  ["nofile", "Max open files"],
  ["nproc", "Max processes"],
] as const;

/** What the kernel says of the process whose limits count. */
export interface ProcTexts {
  /** /proc/PID/status */
  readonly status: string;
  /** /proc/PID/limits */
  readonly limits: string;
  /** /proc/sys/kernel/pid_max */
  readonly mostPids: number;
}

/**
 * What `Ulimits` must hold besides the user's, so that the OCI runtime raises nothing where nobody may: Podman gives each
 * container 1048576 open files and processes unless told otherwise. Empty where they may be raised.
 */
export function missingUlimits(given: readonly Ulimit[], proc: ProcTexts): readonly Ulimit[] {
  const { status, limits: table, mostPids } = proc;
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  if (((effective >> sysResourceBit) & 1n) === 1n) return [];
  return limits.flatMap(([name, title]): Ulimit[] => {
    if (given.some((each) => each.Name === name)) return [];
    const hard = hardLimit(table, title);
    if (hard === undefined) return [];
    // Podman lowers its own limit of processes to what the kernel can number.
    const value = name === "nproc" ? Math.min(hard, mostPids) : hard;
    return [{ Name: name, Soft: value, Hard: value }];
  });
}

/** Undefined for "unlimited", which needs no care. */
function hardLimit(table: string, title: string): number | undefined {
  const line = table.split("\n").find((each) => each.startsWith(title));
  const [, hard] = line?.slice(title.length).trim().split(/\s+/) ?? [];
  return hard === undefined || hard === "unlimited" ? undefined : Number(hard);
}

/** Of this process: an embedded Podman inherits it, whichever child it is by now, and of another's we know no better. */
export function ownProcTexts(): ProcTexts {
  return {
    status: readFileSync("/proc/self/status", "utf8"),
    limits: readFileSync("/proc/self/limits", "utf8"),
    mostPids: Number(readFileSync("/proc/sys/kernel/pid_max", "utf8")),
  };
}
