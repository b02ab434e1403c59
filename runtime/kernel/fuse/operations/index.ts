/**
 * What is done on the folder behind, one function per request of the protocol: reads its arguments from the
 * session's request, makes the system calls, sends the reply. None of them knows of hooks but for the two whose
 * result can be held.
 *
 * Invariants: a path from a request is only ever used as one name below a descriptor; the caller's rights were
 * checked by the kernel before (`default_permissions`); every reply is sent exactly once; what a reply handed out
 * is taken back when nobody took it.
 */
import { opcode } from "../protocol.js";
import type { Session } from "../session.js";
import * as attributes from "./attributes.js";
import * as create from "./create.js";
import * as files from "./files.js";
import * as folders from "./folders.js";
import * as lookup from "./lookup.js";
import * as remove from "./remove.js";
import * as transfer from "./transfer.js";
import * as whole from "./whole-filesystem.js";
import * as xattrs from "./xattrs.js";

export interface Operation {
  readonly perform: (session: Session) => void;
  /** Bytes of the arguments before the first string, and how many strings follow. */
  readonly bodyBytes: number;
  readonly strings: number;
  /** FORGET and INTERRUPT: a reply would be an error. */
  readonly hasReply: boolean;
}

const table: (Operation | undefined)[] = [];

function define(code: number, perform: (session: Session) => void, bodyBytes: number, strings = 0): void {
  const hasReply = code !== opcode.forget && code !== opcode.batchForget;
  table[code] = { perform, bodyBytes, strings, hasReply };
}

define(opcode.lookup, lookup.lookup, 0, 1);
define(opcode.forget, lookup.forget, 8);
define(opcode.batchForget, lookup.batchForget, 8);
define(opcode.getattr, attributes.getattr, 16);
define(opcode.setattr, attributes.setattr, 88);
define(opcode.statx, attributes.statx, 24);
define(opcode.readlink, whole.readlink, 0);
define(opcode.symlink, create.symlink, 0, 2);
define(opcode.mknod, create.mknod, 16, 1);
define(opcode.mkdir, create.mkdir, 8, 1);
define(opcode.unlink, remove.unlink, 0, 1);
define(opcode.rmdir, remove.rmdir, 0, 1);
define(opcode.rename, remove.rename, 8, 2);
define(opcode.rename2, remove.rename2, 16, 2);
define(opcode.link, create.link, 8, 1);
define(opcode.open, files.open, 8);
define(opcode.create, create.create, 16, 1);
define(opcode.tmpfile, create.tmpfile, 16);
define(opcode.read, transfer.read, 40);
define(opcode.write, transfer.write, 40);
define(opcode.release, files.release, 24);
define(opcode.flush, files.flush, 24);
define(opcode.fsync, files.fsync, 16);
define(opcode.fsyncdir, files.fsync, 16);
define(opcode.fallocate, transfer.fallocate, 32);
define(opcode.lseek, transfer.lseek, 24);
define(opcode.copyFileRange, transfer.copyFileRange, 56);
define(opcode.opendir, folders.opendir, 8);
define(opcode.readdir, folders.readdir, 40);
define(opcode.readdirplus, folders.readdirplus, 40);
define(opcode.releasedir, folders.releasedir, 24);
define(opcode.setxattr, xattrs.setxattr, 16, 1);
define(opcode.getxattr, xattrs.getxattr, 8, 1);
define(opcode.listxattr, xattrs.listxattr, 8);
define(opcode.removexattr, xattrs.removexattr, 0, 1);
define(opcode.statfs, whole.statfs, 0);
define(opcode.syncfs, whole.syncfs, 8);
define(opcode.ioctl, whole.ioctl, 32);
define(opcode.init, whole.init, 16);
define(opcode.destroy, whole.destroy, 0);

/** Undefined for what this server does not do: the kernel takes ENOSYS as "never ask again". */
export function operationOf(code: number): Operation | undefined {
  return table[code];
}
