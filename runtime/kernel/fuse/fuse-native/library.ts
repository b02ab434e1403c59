import { createRequire } from "node:module";

/** Answers an operation: 0 or a positive count for success, a negative errno for failure; then what was asked for. */
export type Reply<Value = void> = (result: number, value?: Value) => void;

/** What `getattr` tells; times are numbers of milliseconds, the finest the package carries. */
export interface NativeAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly dev: number;
  readonly nlink: number;
  readonly ino: number;
  readonly rdev: number;
  readonly blksize: number;
  readonly blocks: number;
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
}

export interface NativeFilesystemSpace {
  readonly bsize: number;
  readonly frsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
  readonly favail: number;
  readonly namemax: number;
}

/** The operations of fuse-native 2.2.6 (its README and index.js); each path starts with a slash. */
export interface NativeOperations {
  getattr(path: string, reply: Reply<NativeAttributes>): void;
  readdir(path: string, reply: Reply<readonly string[]>): void;
  readlink(path: string, reply: Reply<string>): void;
  statfs(path: string, reply: Reply<NativeFilesystemSpace>): void;
  open(path: string, flags: number, reply: Reply<number>): void;
  opendir(path: string, flags: number, reply: Reply<number>): void;
  create(path: string, mode: number, reply: Reply<number>): void;
  read(path: string, fd: number, into: Buffer, length: number, offset: number, reply: Reply): void;
  write(path: string, fd: number, from: Buffer, length: number, offset: number, reply: Reply): void;
  release(path: string, fd: number, reply: Reply): void;
  fsync(path: string, isDataOnly: number, fd: number, reply: Reply): void;
  fsyncdir(path: string, isDataOnly: number, fd: number, reply: Reply): void;
  truncate(path: string, size: number, reply: Reply): void;
  ftruncate(path: string, fd: number, size: number, reply: Reply): void;
  utimens(path: string, atimeMs: number, mtimeMs: number, reply: Reply): void;
  chmod(path: string, mode: number, reply: Reply): void;
  chown(path: string, uid: number, gid: number, reply: Reply): void;
  mknod(path: string, mode: number, device: number, reply: Reply): void;
  mkdir(path: string, mode: number, reply: Reply): void;
  rmdir(path: string, reply: Reply): void;
  unlink(path: string, reply: Reply): void;
  rename(from: string, to: string, reply: Reply): void;
  link(from: string, to: string, reply: Reply): void;
  symlink(target: string, path: string, reply: Reply): void;
  setxattr(path: string, name: string, value: Buffer, position: number, flags: number, reply: Reply): void;
  getxattr(path: string, name: string, position: number, reply: Reply<Buffer>): void;
  listxattr(path: string, reply: Reply<readonly string[]>): void;
  removexattr(path: string, name: string, reply: Reply): void;
}

export interface NativeOptions {
  /** false: an operation may wait for ever, as a held one must. */
  readonly timeout: false;
  readonly allowOther: boolean;
  readonly defaultPermissions: boolean;
  readonly fsname: string;
}

/** One mount. */
export interface NativeMount {
  mount(done: (error?: Error | null) => void): void;
  unmount(done: (error?: Error | null) => void): void;
}

export type NativeLibrary = new (
  mountPoint: string,
  operations: NativeOperations,
  options: NativeOptions,
) => NativeMount;

/** The package, or the libfuse2 that it is linked with, is not here. */
export class FuseNativeMissingError extends Error {
  constructor(cause: unknown) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    const remedy = why.includes("libfuse")
      ? 'it needs FUSE 2\'s library: install "libfuse2" (Debian, Ubuntu)'
      : 'install it with "npm install fuse-native@2.2.6"';
    super(
      `the file system driver "fuse-native" cannot be loaded (${why}); ${remedy}, or use fs.driver = "kernel"`,
      {
        cause,
      },
    );
    this.name = "FuseNativeMissingError";
  }
}

/** Loads the package by name. Throws a FuseNativeMissingError that says what to install. */
export function loadFuseNative(): NativeLibrary {
  try {
    return createRequire(import.meta.url)("fuse-native") as NativeLibrary;
  } catch (error) {
    throw new FuseNativeMissingError(error);
  }
}
