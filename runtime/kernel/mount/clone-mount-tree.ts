import { constants } from "node:os";
import { lastErrno, libcFunction, SyscallError } from "../libc.js";
import { NativeMemory } from "../native-memory.js";

const syscall = libcFunction(
  "intptr_t syscall(intptr_t number, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e)",
);
const open = libcFunction("int open64(const char *path, int flags)");

// The same numbers on every architecture, as all calls since 424: asm-generic/unistd.h, linux/mount.h, linux/fcntl.h.
const openTree = 428;
const mountSetattr = 442;
const OPEN_TREE_CLONE = 1;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
const AT_FDCWD = -100;
const AT_RECURSIVE = 0x8000;
const AT_EMPTY_PATH = 0x1000;
const MS_PRIVATE = 1 << 18;

/**
 * Opens a path as the root of a private copy of its mount tree, mounted nowhere: what is mounted below it now is
 * seen through the descriptor, what is mounted there later is not, as with a container's bind mount.
 *
 * This is also what keeps a file server over "/" from ever walking into its own mount and waiting for itself: that
 * mount is made after the copy. Kernels before 5.12 cannot, and get a plain O_PATH descriptor. Close it to let the
 * copy go. Throws SyscallError.
 */
export function openMountTree(path: string): { readonly fd: number; readonly isCopy: boolean } {
  const text = new NativeMemory(Buffer.byteLength(path) + 1);
  const address = text.putString(path);
  const fd = syscall(openTree, AT_FDCWD, address, OPEN_TREE_CLONE | O_CLOEXEC | AT_RECURSIVE, 0, 0);
  if (fd >= 0 && makePrivate(fd)) return { fd, isCopy: true };
  if (fd >= 0) closeFd(fd);
  else if (lastErrno() === constants.errno.ENOENT) throw new SyscallError("open_tree", lastErrno(), path);
  const plain = open(path, O_PATH | O_CLOEXEC);
  if (plain < 0) throw new SyscallError("open", lastErrno(), path);
  return { fd: plain, isCopy: false };
}

const closeFd = libcFunction("int close(int fd)");

// `struct mount_attr` { attr_set, attr_clr, propagation, userns_fd }, 64 bits each.
function makePrivate(fd: number): boolean {
  const attributes = new NativeMemory(128);
  attributes.setU64(4, MS_PRIVATE);
  const emptyPath = attributes.address + 64;
  return syscall(mountSetattr, fd, emptyPath, AT_EMPTY_PATH | AT_RECURSIVE, attributes.address, 32) === 0;
}
