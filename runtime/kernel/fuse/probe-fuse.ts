import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownMountPlace, unmount } from "../mount/index.js";
import { FuseMount } from "./fuse-mount.js";

/**
 * Why FUSE cannot work here, as far as it shows without a mount: what a run may ask at its start, where a kill must
 * leave nothing behind.
 */
export function whyFuseCannotOpen(): string | undefined {
  try {
    closeSync(openSync("/dev/fuse", "r+"));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why FUSE does not work here, or undefined when it does: an empty folder is really mounted, and unmounted again. */
export async function probeFuse(): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "nmzc-probe-"));
  const source = join(folder, "source");
  const mountPoint = join(folder, "mount");
  try {
    mkdirSync(source);
    mkdirSync(mountPoint);
    const mount = new FuseMount(source, mountPoint, false, ownMountPlace);
    // Nobody serves it: to detach it and close its descriptor is to end it.
    unmount(mount.mountPoint, "detach");
    mount.close();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(source, { recursive: true, force: true });
    try {
      rmdirSync(mountPoint);
      rmdirSync(folder);
    } catch {
      // Left behind rather than deleted through: something may still be mounted there.
    }
  }
}
