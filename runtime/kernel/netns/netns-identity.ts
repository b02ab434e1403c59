import { statSync } from "node:fs";

/**
 * `<device>:<inode>` of the namespace at `path`: equal for all paths that lead to the same one. Throws Node's
 * error when the path is not there (the process has ended) or may not be looked at.
 */
export function netnsIdentity(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

/** True when `path` leads to the namespace of the machine (pid 1) or to the one this process lives in. */
export function isHostNetns(path: string): boolean {
  const identity = netnsIdentity(path);
  return identity === netnsIdentity("/proc/self/ns/net") || identity === netnsOfPidOne();
}

// Hardened machines hide pid 1 even from root; the own namespace is then the best answer there is.
function netnsOfPidOne(): string | undefined {
  try {
    return netnsIdentity("/proc/1/ns/net");
  } catch {
    return undefined;
  }
}
