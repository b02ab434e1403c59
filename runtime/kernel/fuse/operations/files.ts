import { constants } from "node:fs";
import { constants as osConstants } from "node:os";
import { close, dup, fdatasync, fsync as fsyncCall, openat } from "../backing-calls.js";
import { O_CLOEXEC } from "../flags.js";
import { fsyncDataOnly, openKillSuidgid, openReplyFlag } from "../protocol.js";
import { openBytes } from "../reply-buffer.js";
import type { Session } from "../session.js";

const notForBacking = constants.O_DIRECT | constants.O_NOFOLLOW | constants.O_CREAT | constants.O_EXCL;

/**
 * A caller's open flags as the file behind is opened with. O_DIRECT goes: our buffers are not aligned for it, and
 * the caller's reads and writes pass the kernel's cache on this side by it all the same.
 */
export function backingFlags(flags: number): number {
  return (flags & ~notForBacking) | O_CLOEXEC;
}

/**
 * With direct I/O beside passthrough only a mapping bypasses us. A file opened for appending needs that: O_APPEND
 * can be cleared later, which the kernel would not tell the file it writes to.
 */
export function openReplyFlags(session: Session, flags: number, backingId: number): number {
  const noFlush = session.data.needsFlush ? 0 : openReplyFlag.noFlush;
  if (backingId === 0) return session.readsDirectly ? noFlush | openReplyFlag.directIo : noFlush;
  const isAppending = (flags & constants.O_APPEND) !== 0;
  return noFlush | openReplyFlag.passthrough | (isAppending ? openReplyFlag.directIo : 0);
}

/** `struct fuse_open_in` { flags, open_flags }. */
export function open(session: Session): void {
  const { request, reply, nodes, descriptors, identity, files, passthrough, node } = session;
  const nodeFd = session.nodeFd;
  if (node === undefined || nodeFd < 0) {
    session.sendStale();
    return;
  }
  const flags = request.word(0);
  const isTruncating = (flags & constants.O_TRUNC) !== 0;
  if (isTruncating) identity.setKeepsSetid((request.word(1) & openKillSuidgid) === 0);
  if (isTruncating) session.unsynced?.beforeChange(node, 0, Infinity);
  const fd = nodes.withRoom(() =>
    openat(descriptors.folder, descriptors.nameOf(nodeFd), backingFlags(flags), 0),
  );
  if (fd < 0) {
    reply.sendResult(fd);
    return;
  }
  if (isTruncating) session.unsynced?.changed(node, 0);
  const backingId = passthrough.open(node, fd, request.uid);
  const file = files.addFile(fd, node, flags, backingId > 0);
  reply.putOpen(0, fd, openReplyFlags(session, flags, backingId), backingId);
  if (!reply.send(openBytes)) session.closeFile(file);
}

export function release(session: Session): void {
  const file = session.files.file(session.request.word(0));
  if (file !== undefined) session.closeFile(file);
  session.reply.send(0);
}

/**
 * Comes at every close(2). Local file systems have nothing to do then: ENOSYS tells the kernel not to ask again,
 * which saves a round trip each time. Network file systems report what they could not write.
 */
export function flush(session: Session): void {
  const { reply, data, request, files } = session;
  if (data.needsFlush) reply.sendResult(close(dup(files.descriptor(request.word(0)))));
  else reply.sendError(osConstants.errno.ENOSYS);
}

/** `struct fuse_fsync_in` { fh, fsync_flags }. Also FSYNCDIR: a folder's handle is a descriptor too. */
export function fsync(session: Session): void {
  const { request, reply, files } = session;
  const fd = files.descriptor(request.word(0));
  const isDataOnly = (request.word(2) & fsyncDataOnly) !== 0;
  const result = isDataOnly ? fdatasync(fd) : fsyncCall(fd);
  const node = files.file(request.word(0))?.node;
  if (result === 0 && node !== undefined) session.unsynced?.synced(node);
  reply.sendResult(result);
}
