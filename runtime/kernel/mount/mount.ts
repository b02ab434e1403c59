import { constants } from "node:os";
import { checked, lastErrno, libcFunction, SyscallError } from "../libc.js";

const mountCall = libcFunction(
  "int mount(const char *source, const char *target, const char *type, uintptr_t flags, const char *data)",
);
const umount2 = libcFunction("int umount2(const char *target, int flags)");

export interface MountRequest {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  /** `mountFlag`s, or-ed. */
  readonly flags: number;
  readonly data: string;
}

/** mount(2). Throws SyscallError. */
export function mount(request: MountRequest): void {
  const { source, target, type, flags, data } = request;
  checked(mountCall(source, target, type, flags, data), "mount", `${type} on ${target}`);
}

export type UnmountResult = "unmounted" | "busy" | "not-mounted";

const MNT_FORCE = 1;
const MNT_DETACH = 2;
const UMOUNT_NOFOLLOW = 8;

/**
 * umount2(2). "busy" when something still uses it. `force` makes a FUSE file system fail all that waits;
 * `detach` takes the mount out of the tree at once and lets it go when its last user ends. Throws SyscallError
 * on anything else.
 */
export function unmount(path: string, how?: "force" | "detach"): UnmountResult {
  const flags = how === "force" ? MNT_FORCE : how === "detach" ? MNT_DETACH : 0;
  if (umount2(path, flags | UMOUNT_NOFOLLOW) === 0) return "unmounted";
  const errno = lastErrno();
  if (errno === constants.errno.EBUSY) return "busy";
  if (errno === constants.errno.EINVAL || errno === constants.errno.ENOENT) return "not-mounted";
  throw new SyscallError("umount2", errno, path);
}
