import { readdirSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import { isMounted } from "../../../runtime/kernel/index.js";
import { messageOf, NmzError } from "../../util/index.js";

export interface FolderPair {
  readonly originalDir: string;
  readonly mountPoint: string;
}

/**
 * Both folders, by their real paths. Throws NMZ_FS_SOURCE_MISSING and NMZ_FS_MOUNT_POINT for what a mount would hide or
 * get entangled in: a mount point that is missing, in use, not empty, or inside or around the original folder.
 */
export function checkMountPoint(asked: FolderPair): FolderPair {
  const originalDir = realFolder(asked.originalDir, "NMZ_FS_SOURCE_MISSING", "the original folder");
  // Asked of the kernel's table first: to look into a mount whose server is dead is an error, or a wait.
  if (isMounted(asked.mountPoint)) throw taken(asked.mountPoint);
  const mountPoint = realFolder(asked.mountPoint, "NMZ_FS_MOUNT_POINT", "the mount point");
  if (isMounted(mountPoint)) throw taken(mountPoint);
  if (mountPoint === originalDir) throw entangled(mountPoint, "is the original folder itself");
  if (isInside(mountPoint, originalDir)) throw entangled(mountPoint, `is inside of ${originalDir}`);
  if (isInside(originalDir, mountPoint)) throw entangled(mountPoint, `has ${originalDir} inside of it`);
  if (readdirSync(mountPoint).length > 0) {
    throw new NmzError("NMZ_FS_MOUNT_POINT", `the mount point ${mountPoint} is not empty`, {
      exitCode: 1,
      hint: "give it an empty folder: what is in it would be hidden",
    });
  }
  return { originalDir, mountPoint };
}

function realFolder(path: string, code: string, what: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw new NmzError(code, `${what} ${path} cannot be used: ${messageOf(error)}`, {
      exitCode: 1,
      hint: `mkdir -p ${path}`,
      cause: error,
    });
  }
  throw new NmzError(code, `${what} ${path} is no folder`, { exitCode: 1, hint: "name a folder" });
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function taken(mountPoint: string): NmzError {
  return new NmzError("NMZ_FS_MOUNT_POINT", `something is mounted on ${mountPoint} already`, {
    exitCode: 1,
    hint: `umount -l ${mountPoint}, or "nmz prune" when it is what a killed inspector left`,
  });
}

function entangled(mountPoint: string, how: string): NmzError {
  return new NmzError("NMZ_FS_MOUNT_POINT", `the mount point ${mountPoint} ${how}`, {
    exitCode: 1,
    hint: "give it an empty folder somewhere else",
  });
}
