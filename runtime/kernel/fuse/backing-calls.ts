import { libcFunction } from "../libc.js";

/**
 * The system calls that operations on the folder behind are made of. Pointers are addresses as numbers
 * (`NativeMemory.address` and an offset): half the price of handing views over. Each returns a negative
 * number on failure, errno being `lastErrno()`.
 */
export const read = libcFunction("intptr_t read(int fd, uintptr_t buffer, uintptr_t count)");
export const write = libcFunction("intptr_t write(int fd, uintptr_t buffer, uintptr_t count)");
export const pread = libcFunction(
  "intptr_t pread64(int fd, uintptr_t buffer, uintptr_t count, int64_t offset)",
);
export const pwrite = libcFunction(
  "intptr_t pwrite64(int fd, uintptr_t buffer, uintptr_t count, int64_t offset)",
);
export const openat = libcFunction("int openat64(int folder, uintptr_t path, int flags, uint32_t mode)");
export const close = libcFunction("int close(int fd)");
export const dup = libcFunction("int dup(int fd)");
export const statx = libcFunction(
  "int statx(int folder, uintptr_t path, int flags, uint32_t mask, uintptr_t buffer)",
);
export const mkdirat = libcFunction("int mkdirat(int folder, uintptr_t path, uint32_t mode)");
export const mknodat = libcFunction(
  "int mknodat(int folder, uintptr_t path, uint32_t mode, uint64_t device)",
);
export const symlinkat = libcFunction("int symlinkat(uintptr_t target, int folder, uintptr_t path)");
export const linkat = libcFunction(
  "int linkat(int oldFolder, uintptr_t oldPath, int newFolder, uintptr_t newPath, int flags)",
);
export const unlinkat = libcFunction("int unlinkat(int folder, uintptr_t path, int flags)");
export const renameat2 = libcFunction(
  "int renameat2(int oldFolder, uintptr_t oldPath, int newFolder, uintptr_t newPath, uint32_t flags)",
);
export const readlinkat = libcFunction(
  "intptr_t readlinkat(int folder, uintptr_t path, uintptr_t buffer, uintptr_t size)",
);
export const fchmodat = libcFunction("int fchmodat(int folder, uintptr_t path, uint32_t mode, int flags)");
export const fchownat = libcFunction(
  "int fchownat(int folder, uintptr_t path, uint32_t uid, uint32_t gid, int flags)",
);
export const ftruncate = libcFunction("int ftruncate64(int fd, int64_t length)");
export const utimensat = libcFunction(
  "int utimensat(int folder, uintptr_t path, uintptr_t times, int flags)",
);
export const fstatfs = libcFunction("int fstatfs64(int fd, uintptr_t buffer)");
export const fsync = libcFunction("int fsync(int fd)");
export const fdatasync = libcFunction("int fdatasync(int fd)");
export const syncfs = libcFunction("int syncfs(int fd)");
export const getdents64 = libcFunction("intptr_t getdents64(int fd, uintptr_t buffer, uintptr_t size)");
export const lseek = libcFunction("int64_t lseek64(int fd, int64_t offset, int whence)");
export const fallocate = libcFunction("int fallocate64(int fd, int mode, int64_t offset, int64_t length)");
export const copyFileRange = libcFunction(
  "intptr_t copy_file_range(int fdIn, uintptr_t offsetIn, int fdOut, uintptr_t offsetOut, uintptr_t length, uint32_t flags)",
);
export const setxattr = libcFunction(
  "int setxattr(uintptr_t path, uintptr_t name, uintptr_t value, uintptr_t size, int flags)",
);
export const getxattr = libcFunction(
  "intptr_t getxattr(uintptr_t path, uintptr_t name, uintptr_t value, uintptr_t size)",
);
export const listxattr = libcFunction("intptr_t listxattr(uintptr_t path, uintptr_t list, uintptr_t size)");
export const removexattr = libcFunction("int removexattr(uintptr_t path, uintptr_t name)");
export const fcntl = libcFunction("int fcntl(int fd, int command, intptr_t argument)");
export const ioctl = libcFunction("int ioctl(int fd, uintptr_t request, uintptr_t argument)");
export const poll = libcFunction("int poll(uintptr_t descriptors, uintptr_t count, int timeoutMs)");
export const nameToHandleAt = libcFunction(
  "int name_to_handle_at(int folder, uintptr_t path, uintptr_t handle, uintptr_t mountId, int flags)",
);
export const openByHandleAt = libcFunction("int open_by_handle_at(int mountFd, uintptr_t handle, int flags)");
