import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unmount } from "../mount/index.js";
import { FuseMount } from "./fuse-mount.js";

/** Why FUSE does not work here, or undefined when it does: an empty folder is really mounted, and unmounted again. */
export async function probeFuse(): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "nmzc-probe-"));
  const source = join(folder, "source");
  const mountPoint = join(folder, "mount");
  try {
    mkdirSync(source);
    mkdirSync(mountPoint);
    const mount = new FuseMount(source, mountPoint, false);
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
