import fs from "node:fs";
import { constants } from "node:os";
import { argumentOf, codeOf, faultCode } from "../verdict.js";
import { writeRefusal, writtenBytes } from "../write-faults.js";
import {
  getExtendedAttribute,
  listExtendedAttributes,
  makeNode,
  removeExtendedAttribute,
  setExtendedAttribute,
} from "./extended-attributes.js";
import type { HeldOperations } from "./held-operations.js";
import type { NativeOperations, Reply } from "./library.js";
import type { OpenFiles } from "./open-files.js";

/** libfuse renames a file that is unlinked while open to this, and unlinks it at its last close (hide_node in fuse.c). */
const hiddenName = /\/\.fuse_hidden[0-9a-f]{16,}$/;
const notForTheFolder =
  fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_TRUNC | fs.constants.O_DIRECT;

/**
 * The operations of fuse-native, each done on the folder `source` and held first, or last, where it is hooked. `source` may be a
 * link to the folder, such as /proc/self/fd/7.
 */
export function mirrorOperations(source: string, held: HeldOperations, files: OpenFiles): NativeOperations {
  const behind = (path: string) => (path === "/" ? `${source}/.` : source + path);
  return {
    getattr: (path, reply) =>
      fs.lstat(behind(path), (error, stats) =>
        error === null
          ? reply(0, { ...stats, atime: stats.atimeMs, mtime: stats.mtimeMs, ctime: stats.ctimeMs })
          : reply(errnoOf(error)),
      ),
    readdir: (path, reply) =>
      fs.readdir(behind(path), (error, names) =>
        error === null ? reply(0, [".", "..", ...names]) : reply(errnoOf(error)),
      ),
    readlink: (path, reply) =>
      fs.readlink(behind(path), (error, target) =>
        error === null ? reply(0, target) : reply(errnoOf(error)),
      ),
    statfs: (path, reply) =>
      fs.statfs(behind(path), (error, space) => {
        if (error !== null) return reply(errnoOf(error));
        const { bsize, blocks, bfree, bavail, files: inodes, ffree } = space;
        reply(0, {
          bsize,
          frsize: bsize,
          blocks,
          bfree,
          bavail,
          files: inodes,
          ffree,
          favail: ffree,
          namemax: 255,
        });
      }),

    open: (path, flags, reply) =>
      held.hold("pre-open", path, (errno) =>
        errno !== 0 ? reply(-errno) : fs.open(behind(path), flags & ~notForTheFolder, files.opened(reply)),
      ),
    opendir: (path, _flags, reply) => held.hold("post-opendir", path, (errno) => reply(-errno, 0)),
    create: (path, mode, reply) =>
      held.hold("pre-create", path, (errno) => {
        if (errno !== 0) return reply(-errno);
        // The package does not hand over the caller's open flags: reading and writing serves every one of them.
        const flags = fs.constants.O_RDWR | fs.constants.O_CREAT;
        fs.open(behind(path), flags, mode & 0o7777, unmasked(behind(path), mode, files.opened(reply)));
      }),
    read: (path, fd, into, length, offset, reply) =>
      fs.read(fd, into, 0, length, offset, (error, count) => {
        if (error !== null) return reply(errnoOf(error));
        held.hold("post-read", path, (errno) => reply(errno === 0 ? count : -errno));
      }),
    write: (path, fd, from, length, offset, reply) =>
      held.hold("pre-write", path, (errno, fault) => {
        if (errno !== 0) return reply(-errno);
        const put = (bytes: number, told?: number) =>
          fs.write(fd, from, 0, bytes, offset, (error, count) =>
            reply(error === null ? (told ?? count) : errnoOf(error)),
          );
        if (fault === undefined) return put(length);
        const code = codeOf(fault);
        const refusal = writeRefusal(code, length);
        if (refusal !== undefined) {
          held.refuse(fault.kind, refusal);
          return put(length);
        }
        const kept = writtenBytes(code, argumentOf(fault), length);
        if (code === faultCode.short) put(kept);
        else if (kept === 0) reply(length);
        else put(kept, length);
      }),
    release: (_path, fd, reply) => files.close(fd, () => reply(0)),
    fsync: (path, isDataOnly, fd, reply) =>
      held.hold("pre-fsync", path, (errno) => {
        if (errno !== 0) return reply(-errno);
        if (isDataOnly !== 0) fs.fdatasync(fd, done(reply));
        else fs.fsync(fd, done(reply));
      }),
    fsyncdir: (path, _isDataOnly, _fd, reply) =>
      held.hold("pre-fsync", path, (errno) =>
        errno === 0 ? syncFolder(behind(path), reply) : reply(-errno),
      ),
    truncate: (path, size, reply) =>
      held.hold("pre-truncate", path, (errno) =>
        errno === 0 ? fs.truncate(behind(path), size, done(reply)) : reply(-errno),
      ),
    ftruncate: (path, fd, size, reply) =>
      held.hold("pre-truncate", path, (errno) =>
        errno === 0 ? fs.ftruncate(fd, size, done(reply)) : reply(-errno),
      ),

    utimens: (path, atimeMs, mtimeMs, reply) =>
      fs.lutimes(behind(path), atimeMs / 1000, mtimeMs / 1000, done(reply)),
    chmod: (path, mode, reply) => fs.chmod(behind(path), mode & 0o7777, done(reply)),
    chown: (path, uid, gid, reply) => fs.lchown(behind(path), signed(uid), signed(gid), done(reply)),
    mknod: (path, mode, device, reply) => {
      const result = makeNode(behind(path), mode, device);
      if (result < 0) reply(result);
      else unmasked(behind(path), mode, done(reply))(null);
    },
    mkdir: (path, mode, reply) =>
      held.hold("pre-mkdir", path, (errno) =>
        errno === 0
          ? fs.mkdir(behind(path), mode & 0o7777, (error) => unmasked(behind(path), mode, done(reply))(error))
          : reply(-errno),
      ),
    rmdir: (path, reply) =>
      held.hold("pre-rmdir", path, (errno) =>
        errno === 0 ? fs.rmdir(behind(path), done(reply)) : reply(-errno),
      ),
    unlink: (path, reply) => {
      const proceed = (errno: number) => (errno === 0 ? fs.unlink(behind(path), done(reply)) : reply(-errno));
      if (hiddenName.test(path)) proceed(0);
      else held.hold("pre-unlink", path, proceed);
    },
    rename: (from, to, reply) =>
      held.hold(hiddenName.test(to) ? "pre-unlink" : "pre-rename", from, (errno) =>
        errno === 0 ? fs.rename(behind(from), behind(to), done(reply)) : reply(-errno),
      ),
    link: (from, to, reply) => fs.link(behind(from), behind(to), done(reply)),
    symlink: (target, path, reply) => fs.symlink(target, behind(path), done(reply)),

    setxattr: (path, name, value, _position, flags, reply) =>
      reply(setExtendedAttribute(behind(path), name, value, flags)),
    getxattr: (path, name, _position, reply) => {
      const value = getExtendedAttribute(behind(path), name);
      if (typeof value === "number") reply(value);
      else reply(0, value);
    },
    listxattr: (path, reply) => {
      const names = listExtendedAttributes(behind(path));
      if (typeof names === "number") reply(names);
      else reply(0, names);
    },
    removexattr: (path, name, reply) => reply(removeExtendedAttribute(behind(path), name)),
  };
}

function errnoOf(error: NodeJS.ErrnoException): number {
  return error.errno ?? -constants.errno.EIO;
}

function done(reply: Reply): (error: NodeJS.ErrnoException | null) => void {
  return (error) => reply(error === null ? 0 : errnoOf(error));
}

/** -1 ("leave it") arrives as an unsigned number. */
function signed(id: number): number {
  return id === 0xffffffff ? -1 : id;
}

type Done<Extra extends unknown[]> = (error: NodeJS.ErrnoException | null, ...extra: Extra) => void;

/**
 * The kernel has applied the caller's umask already; this process's own has been applied on top. Gives back what
 * ours took, keeping a set-group-ID bit that the parent folder handed down.
 */
function unmasked<Extra extends unknown[]>(path: string, mode: number, next: Done<Extra>): Done<Extra> {
  return (error, ...extra) => {
    if (error !== null || (mode & process.umask()) === 0) return next(error, ...extra);
    fs.lstat(path, (statError, stats) => {
      if (statError !== null) return next(statError, ...extra);
      fs.chmod(path, (stats.mode & 0o2000) | (mode & 0o7777), (chmodError) => next(chmodError, ...extra));
    });
  };
}

function syncFolder(path: string, reply: Reply): void {
  fs.open(path, fs.constants.O_RDONLY, (error, fd) => {
    if (error !== null) return reply(errnoOf(error));
    fs.fsync(fd, (syncError) => fs.close(fd, () => done(reply)(syncError)));
  });
}
