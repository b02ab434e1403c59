import { constants } from "node:os";
import { lastErrno, libcFunction } from "../../libc.js";

const umount2 = libcFunction("int umount2(const char *target, int flags)");
const MNT_EXPIRE = 4; // linux/fs.h

/**
 * Whether somebody works in the mount. MNT_EXPIRE only marks an idle mount (EAGAIN) and refuses a busy one (EBUSY); unlike a
 * real unmount it asks nothing of the file system, so the thread that serves the mount may call it.
 */
export function isMountBusy(mountPoint: string): boolean {
  return umount2(mountPoint, MNT_EXPIRE) < 0 && lastErrno() === constants.errno.EBUSY;
}
