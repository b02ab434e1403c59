import { readFileSync, writeFileSync } from "node:fs";
import { lastErrno, libcFunction } from "../../libc.js";

const umount2 = libcFunction("int umount2(const char *target, int flags)");
const mntExpire = 4; // linux/fs.h, MNT_EXPIRE
const ebusy = 16;

/**
 * Whether somebody works in the mount. MNT_EXPIRE only marks an idle mount (EAGAIN) and refuses a busy one (EBUSY); unlike a
 * real unmount it asks nothing of the file system, so the thread that serves the mount may call it.
 */
export function isMountBusy(mountPoint: string): boolean {
  return umount2(mountPoint, mntExpire) < 0 && lastErrno() === ebusy;
}

/** The minor device number of what is mounted last on `mountPoint`, from proc_pid_mountinfo(5); it names the FUSE connection. */
export function mountedDeviceMinor(mountPoint: string): number | undefined {
  const fields = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" "))
    .findLast((line) => unescapeMountPath(line[4] ?? "") === mountPoint);
  const minor = Number(fields?.[2]?.split(":")[1]);
  return Number.isInteger(minor) ? minor : undefined;
}

function unescapeMountPath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Ends a FUSE connection: everything that waits in it fails with ECONNABORTED, and its server's read ends. */
export function abortFuseConnection(deviceMinor: number): void {
  try {
    writeFileSync(`/sys/fs/fuse/connections/${deviceMinor}/abort`, "1");
  } catch {
    // The connection went with its last user, or fusectl is not mounted: nothing is left to abort from here.
  }
}
