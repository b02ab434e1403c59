/**
 * Numbers of the FUSE protocol, version 7.41: linux/fuse.h. Structures are read and written as 32-bit words in the
 * machine's own byte order, as the kernel writes them; a 64-bit field is two words, the low one first on every
 * machine that Node runs on here (x86-64, arm64).
 */
export const protocolMajor = 7;
export const protocolMinor = 41;

/** `struct fuse_in_header` and `struct fuse_out_header`, bytes. */
export const inHeaderBytes = 40;
export const outHeaderBytes = 16;

/** Word of a request where what follows `struct fuse_in_header` begins. */
export const body = 10;

export const opcode = {
  lookup: 1,
  forget: 2,
  getattr: 3,
  setattr: 4,
  readlink: 5,
  symlink: 6,
  mknod: 8,
  mkdir: 9,
  unlink: 10,
  rmdir: 11,
  rename: 12,
  link: 13,
  open: 14,
  read: 15,
  write: 16,
  statfs: 17,
  release: 18,
  fsync: 20,
  setxattr: 21,
  getxattr: 22,
  listxattr: 23,
  removexattr: 24,
  flush: 25,
  init: 26,
  opendir: 27,
  readdir: 28,
  releasedir: 29,
  fsyncdir: 30,
  access: 34,
  create: 35,
  interrupt: 36,
  destroy: 38,
  ioctl: 39,
  batchForget: 42,
  fallocate: 43,
  readdirplus: 44,
  rename2: 45,
  lseek: 46,
  copyFileRange: 47,
  syncfs: 50,
  tmpfile: 51,
  statx: 52,
} as const;

/** `FUSE_…` flags of INIT, first word. */
export const initFlag = {
  asyncRead: 1 << 0,
  atomicTruncate: 1 << 3,
  bigWrites: 1 << 5,
  dontMask: 1 << 6,
  autoInvalidateData: 1 << 12,
  readdirplus: 1 << 13,
  readdirplusAuto: 1 << 14,
  asyncDirectIo: 1 << 15,
  parallelDirectoryOperations: 1 << 18,
  posixAcl: 1 << 20,
  maxPages: 1 << 22,
  cacheSymlinks: 1 << 23,
  handleKillprivV2: 1 << 28,
  setxattrExtended: 1 << 29,
  initExtended: 1 << 30,
} as const;

/** `FUSE_…` flags of INIT, second word (bits 32 and up of the header's 64-bit constants). */
export const initFlag2 = {
  directIoAllowMmap: 1 << 4,
  passthrough: 1 << 5,
} as const;

/** `FATTR_…`: what a SETATTR changes. */
export const attributeFlag = {
  mode: 1 << 0,
  uid: 1 << 1,
  gid: 1 << 2,
  size: 1 << 3,
  atime: 1 << 4,
  mtime: 1 << 5,
  fileHandle: 1 << 6,
  atimeNow: 1 << 7,
  mtimeNow: 1 << 8,
  killSuidgid: 1 << 11,
} as const;

/** `FOPEN_…`: how the kernel treats an open file. */
export const openReplyFlag = {
  directIo: 1 << 0,
  noFlush: 1 << 5,
  passthrough: 1 << 7,
} as const;

/** `FUSE_WRITE_CACHE`: pages of a mapping. `FUSE_READ_LOCKOWNER`: of a read(2) past the cache, for which it always stands. */
export const writeFromMapping = 1 << 0;
export const readPastCache = 1 << 1;

/** `FUSE_OPEN_KILL_SUIDGID`, `FUSE_WRITE_KILL_SUIDGID`, `FUSE_SETXATTR_ACL_KILL_SGID`, `FUSE_FSYNC_FDATASYNC`. */
export const openKillSuidgid = 1 << 0;
export const writeKillSuidgid = 1 << 2;
export const setxattrKillSgid = 1 << 0;
export const fsyncDataOnly = 1 << 0;

/** Bytes of the longest WRITE and READ; a request's buffer has room for the headers as well. */
export const maxTransferBytes = 1 << 20;
export const requestBufferBytes = maxTransferBytes + 65_536;

/** How long the kernel may trust a name or attributes: the folder behind can change without us. */
export const validSeconds = 1;
