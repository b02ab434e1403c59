import { readFileSync } from "node:fs";

/** Capability → bit, from linux/capability.h; those that nmzc has a use for. */
export const capabilityBits = {
  CHOWN: 0,
  DAC_OVERRIDE: 1,
  DAC_READ_SEARCH: 2,
  FOWNER: 3,
  FSETID: 4,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  NET_ADMIN: 12,
  NET_RAW: 13,
  SYS_CHROOT: 18,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  SYS_NICE: 23,
  SYS_RESOURCE: 24,
  MKNOD: 27,
} as const;

export type Capability = keyof typeof capabilityBits;

/** The effective capabilities of this process. */
export function effectiveCapabilities(): ReadonlySet<Capability> {
  return parseEffectiveCapabilities(readFileSync("/proc/self/status", "latin1"));
}

/** From the `CapEff:` line (64 bits in hexadecimal) of a /proc/<pid>/status. */
export function parseEffectiveCapabilities(status: string): ReadonlySet<Capability> {
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  const held = new Set<Capability>();
  for (const [name, bit] of Object.entries(capabilityBits)) {
    if (((mask >> BigInt(bit)) & 1n) === 1n) held.add(name as Capability);
  }
  return held;
}
