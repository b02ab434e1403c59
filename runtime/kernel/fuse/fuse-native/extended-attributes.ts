import { lastErrno, libcFunction } from "../../libc.js";

// Node has neither extended attributes nor mknod. These calls block, on the folder behind, never on the mount.
const lsetxattr = libcFunction(
  "int lsetxattr(const char *path, const char *name, const void *value, uintptr_t size, int flags)",
);
const lgetxattr = libcFunction(
  "intptr_t lgetxattr(const char *path, const char *name, void *value, uintptr_t size)",
);
const llistxattr = libcFunction("intptr_t llistxattr(const char *path, void *list, uintptr_t size)");
const lremovexattr = libcFunction("int lremovexattr(const char *path, const char *name)");
const mknod = libcFunction("int mknod(const char *path, unsigned int mode, uint64_t device)");

/** linux/limits.h, XATTR_SIZE_MAX and XATTR_LIST_MAX. One for all: `ls -l` asks for three attributes of each file. */
const scratch = Buffer.allocUnsafe(65_536);

/** 0, or a negative errno. */
export function setExtendedAttribute(path: string, name: string, value: Buffer, flags: number): number {
  return negative(lsetxattr(path, name, value, value.length, flags));
}

/** The value, or a negative errno. */
export function getExtendedAttribute(path: string, name: string): Buffer | number {
  const length = negative(Number(lgetxattr(path, name, scratch, scratch.length)));
  return length < 0 ? length : Buffer.from(scratch.subarray(0, length));
}

/** The names, or a negative errno. */
export function listExtendedAttributes(path: string): readonly string[] | number {
  const length = negative(Number(llistxattr(path, scratch, scratch.length)));
  return length < 0 ? length : scratch.toString("utf8", 0, length).split("\0").slice(0, -1);
}

/** 0, or a negative errno. */
export function removeExtendedAttribute(path: string, name: string): number {
  return negative(lremovexattr(path, name));
}

/** 0, or a negative errno. `device` is the kernel's number, as `stat` tells it. */
export function makeNode(path: string, mode: number, device: number): number {
  return negative(mknod(path, mode, device));
}

function negative(result: number): number {
  return result < 0 ? -lastErrno() : result;
}
