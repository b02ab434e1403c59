import { constants } from "node:fs";

/** Flags of the *at calls that Node does not name: fcntl.h, linux/fcntl.h. The same on every architecture. */
export const O_PATH = 0o10000000;
export const O_CLOEXEC = 0o2000000;
export const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
export const AT_FDCWD = -100;
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_REMOVEDIR = 0x200;
export const AT_NO_AUTOMOUNT = 0x800;
export const AT_EMPTY_PATH = 0x1000;
/** `STATX_BASIC_STATS | STATX_BTIME` */
export const STATX_ALL = 0xfff;
