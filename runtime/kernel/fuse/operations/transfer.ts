import { constants } from "node:fs";
import { constants as osConstants } from "node:os";
import { lastErrno } from "../../libc.js";
import {
  copyFileRange as copyFileRangeCall,
  fallocate as fallocateCall,
  fcntl,
  lseek as lseekCall,
  pread,
  pwrite,
} from "../backing-calls.js";
import { hook } from "../hook-points.js";
import type { OpenFile } from "../open-files.js";
import { maxTransferBytes, readPastCache, writeKillSuidgid } from "../protocol.js";
import { alterCachedRead, alterDirectRead } from "../reply-faults.js";
import type { Session } from "../session.js";
import { writeFaulty } from "../write-faults.js";

const F_SETFL = 4;
const setidBits = 0o6000;
/** A copy is done in parts, so that it does not keep others waiting for long; callers go on where one ended. */
const maxCopyBytes = 16 << 20;

/** `struct fuse_read_in` { fh, offset, size, … }. */
export function read(session: Session): void {
  const { request, reply, files } = session;
  const file = files.file(request.word(0));
  if (file === undefined) {
    session.sendStale();
    return;
  }
  const size = Math.min(request.word(4), maxTransferBytes);
  const count = pread(file.fd, reply.bodyAddress, size, request.u64(2));
  if (count < 0) reply.sendResult(count);
  else {
    const isDirect = (request.word(5) & readPastCache) !== 0;
    session.sendAfter(
      hook.postRead,
      file.node,
      count,
      undefined,
      isDirect ? alterDirectRead : alterCachedRead,
    );
  }
}

/** `struct fuse_write_in` { fh, offset, size, write_flags, lock_owner, flags, padding }, data. */
export function write(session: Session): void {
  const { request, reply, files, identity } = session;
  const file = files.file(request.word(0));
  if (file === undefined) {
    session.sendStale();
    return;
  }
  const keepsSetid = (request.word(5) & writeKillSuidgid) === 0;
  identity.setKeepsSetid(keepsSetid);
  followAppendFlag(file, request.word(8));
  const losesSetid = !keepsSetid && losesSetidUnseen(session, file);
  const size = Math.min(request.word(4), request.length - 80);
  // What is appended changes nothing that was there.
  session.unsynced?.beforeChange(file.node, file.isAppending ? Infinity : request.u64(2), size);
  const put = (bytes: number) =>
    withSpace(session, () => pwrite(file.fd, request.addressAt(40), bytes, request.u64(2)));
  const count = session.faultCode === 0 ? put(size) : writeFaulty(session, size, put);
  if (count < 0) {
    reply.sendError(lastErrno());
    return;
  }
  session.unsynced?.changed(file.node, count);
  if ((request.word(8) & constants.O_DSYNC) !== 0) session.unsynced?.synced(file.node);
  if (losesSetid) reply.notifyAttributesChanged(file.node.id);
  reply.putWord(0, count);
  reply.putWord(1, 0);
  reply.send(8);
}

/** Tries again when the disk was full only because removed files are still being closed. */
function withSpace(session: Session, use: () => number): number {
  const result = use();
  if (result >= 0 || lastErrno() !== osConstants.errno.ENOSPC || !session.closing.settle()) return result;
  return use();
}

/**
 * The kernel asks for the mode again after a write through its cache that takes bits away, but not after a direct
 * one.
 */
function losesSetidUnseen(session: Session, file: OpenFile): boolean {
  const isDirect = file.isPassthrough || (session.request.word(8) & constants.O_DIRECT) !== 0;
  return isDirect && session.stat.ofDescriptor(file.fd) && (session.stat.mode & setidBits) !== 0;
}

/**
 * O_APPEND can be set and cleared on an open file, and pages of a shared mapping are written through any open file
 * of the inode, at their own place: the file behind appends exactly when this write does.
 */
function followAppendFlag(file: OpenFile, flags: number): void {
  const isAppending = (flags & constants.O_APPEND) !== 0;
  if (isAppending === file.isAppending) return;
  file.isAppending = isAppending;
  fcntl(file.fd, F_SETFL, isAppending ? constants.O_APPEND : 0);
}

/** `struct fuse_fallocate_in` { fh, offset, length, mode, padding }; every mode of fallocate(2). */
export function fallocate(session: Session): void {
  const { request, reply, identity, files } = session;
  identity.setKeepsSetid(request.uid === 0);
  const fd = files.descriptor(request.word(0));
  const [offset, length] = [request.u64(2), request.u64(4)];
  const mode = request.word(6) | 0;
  const node = files.file(request.word(0))?.node;
  if (node !== undefined) session.unsynced?.beforeChange(node, offset, length);
  const result = withSpace(session, () => fallocateCall(fd, mode, offset, length));
  if (result >= 0 && node !== undefined) session.unsynced?.changed(node, 0);
  reply.sendResult(result);
}

/** `struct fuse_lseek_in` { fh, offset, whence, padding }; comes for SEEK_DATA and SEEK_HOLE only. */
export function lseek(session: Session): void {
  const { request, reply, files } = session;
  const offset = lseekCall(files.descriptor(request.word(0)), request.u64(2), request.word(4));
  if (offset < 0) {
    reply.sendResult(-1);
    return;
  }
  reply.putU64(0, Number(offset));
  reply.send(8);
}

/** `struct fuse_copy_file_range_in` { fh_in, off_in, nodeid_out, fh_out, off_out, len, flags }. */
export function copyFileRange(session: Session): void {
  const { request, reply, identity, files } = session;
  identity.setKeepsSetid(request.uid === 0);
  const target = files.file(request.word(6))?.node;
  const length = Math.min(request.u64(10), maxCopyBytes);
  if (target !== undefined) session.unsynced?.beforeChange(target, request.u64(8), length);
  // The offsets are passed where they stand in the request: copy_file_range(2) takes pointers.
  const count = copyFileRangeCall(
    files.descriptor(request.word(0)),
    request.addressAt(8),
    files.descriptor(request.word(6)),
    request.addressAt(32),
    length,
    request.word(12),
  );
  if (count < 0) {
    reply.sendResult(count);
    return;
  }
  if (target !== undefined) session.unsynced?.changed(target, count);
  reply.putWord(0, count);
  reply.putWord(1, 0);
  reply.send(8);
}
