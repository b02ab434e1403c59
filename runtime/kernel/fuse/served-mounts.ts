import type { FuseMount } from "./fuse-mount.js";

/**
 * Mounts still served, for a process that exits without stopping them: a thread in read(2) would keep it from
 * ending.
 */
export const servedMounts = new Set<FuseMount>();
process.on("exit", () => {
  for (const mount of servedMounts) cutLoose(mount);
});

/** Takes a mount out of the way at once, whoever uses it. */
export function cutLoose(mount: FuseMount): void {
  for (const step of [() => mount.unmount("force"), () => mount.unmount("detach"), () => mount.abort()]) {
    try {
      step();
    } catch {
      // Whatever one step cannot do, the next may.
    }
  }
}
