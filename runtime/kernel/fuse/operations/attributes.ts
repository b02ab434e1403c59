import { constants } from "node:fs";
import { NativeMemory } from "../../native-memory.js";
import { close, fchmodat, fchownat, ftruncate, openat, utimensat } from "../backing-calls.js";
import { AT_EMPTY_PATH, O_CLOEXEC } from "../flags.js";
import { attributeFlag as attribute, validSeconds } from "../protocol.js";
import { attributesBytes } from "../reply-buffer.js";
import type { Session } from "../session.js";
import { statxBytes } from "../stat-buffer.js";

const scratch = new NativeMemory(128);
const emptyPath = scratch.address + 64;
const unchangedId = 0xffff_ffff;
const UTIME_NOW = 0x3fffffff;
const UTIME_OMIT = 0x3ffffffe;

export function getattr(session: Session): void {
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  sendAttributes(session, fd);
}

function sendAttributes(session: Session, fd: number): void {
  const { reply, stat, node } = session;
  if (!stat.ofDescriptor(fd)) {
    reply.sendResult(-1);
    return;
  }
  reply.putAttributes(stat, node!.inodeSalt);
  reply.send(attributesBytes);
}

/** `struct fuse_statx_out`: validity in 32 bytes, then what statx(2) returns. */
export function statx(session: Session): void {
  const { reply, stat, node } = session;
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  if (!stat.ofDescriptor(fd)) {
    reply.sendResult(-1);
    return;
  }
  for (let i = 0; i < 8; i++) reply.putWord(i, 0);
  reply.putWord(0, validSeconds);
  const words = stat.memory.words;
  for (let i = 0; i < statxBytes / 4; i++) reply.putWord(8 + i, words[i]!);
  reply.putWord(8 + 9, words[9]! ^ node!.inodeSalt);
  reply.send(32 + statxBytes);
}

/** `struct fuse_setattr_in`. A request that changes nothing by name is a chown(-1, -1), which touches the ctime. */
export function setattr(session: Session): void {
  const { request, reply } = session;
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  const changes = request.word(0);
  const isOwner = (changes & (attribute.uid | attribute.gid)) !== 0;
  const isTimes = (changes & (attribute.atime | attribute.mtime)) !== 0;
  const isNothing = !isOwner && !isTimes && (changes & (attribute.mode | attribute.size)) === 0;
  const failed =
    ((isOwner || isNothing) && setOwner(session, fd, changes) < 0) ||
    ((changes & attribute.mode) !== 0 && setMode(session, fd) < 0) ||
    ((changes & attribute.size) !== 0 && setSize(session, fd, changes) < 0) ||
    (isTimes && setTimes(session, fd, changes) < 0);
  if (failed) reply.sendResult(-1);
  else sendAttributes(session, fd);
}

function setMode(session: Session, fd: number): number {
  const { descriptors, identity, request } = session;
  identity.setKeepsSetid(true);
  return fchmodat(descriptors.folder, descriptors.nameOf(fd), request.word(17) & 0o7777, 0);
}

function setOwner(session: Session, fd: number, changes: number): number {
  const { identity, request } = session;
  const uid = (changes & attribute.uid) !== 0 ? request.word(19) : unchangedId;
  const gid = (changes & attribute.gid) !== 0 ? request.word(20) : unchangedId;
  identity.own(request.uid, request.gid, 0);
  identity.setKeepsSetid(request.uid === 0);
  return fchownat(fd, emptyPath, uid, gid, AT_EMPTY_PATH);
}

function setSize(session: Session, fd: number, changes: number): number {
  const { descriptors, files, identity, request, node, unsynced } = session;
  const size = request.u64(4);
  identity.setKeepsSetid((changes & attribute.killSuidgid) === 0);
  const file = (changes & attribute.fileHandle) !== 0 ? files.file(request.word(2)) : undefined;
  if (node !== undefined) unsynced?.beforeChange(node, size, Infinity);
  const changed = (result: number): number => {
    if (result === 0 && node !== undefined) unsynced?.changed(node, 0);
    return result;
  };
  if (file?.isWritable) return changed(ftruncate(file.fd, size));
  const flags = constants.O_WRONLY | constants.O_NONBLOCK | O_CLOEXEC;
  const opened = session.nodes.withRoom(() => openat(descriptors.folder, descriptors.nameOf(fd), flags, 0));
  if (opened < 0) return -1;
  const result = changed(ftruncate(opened, size));
  close(opened);
  return result;
}

// Two `struct timespec`: seconds are copied as they came, two words each.
function setTimes(session: Session, fd: number, changes: number): number {
  const { words } = scratch;
  const { request } = session;
  putTime(changes, attribute.atime, attribute.atimeNow, 0, 8, 14);
  putTime(changes, attribute.mtime, attribute.mtimeNow, 4, 10, 15);
  return utimensat(fd, emptyPath, scratch.address, AT_EMPTY_PATH);

  function putTime(valid: number, set: number, now: number, at: number, from: number, nsFrom: number): void {
    words[at] = request.word(from);
    words[at + 1] = request.word(from + 1);
    words[at + 2] = request.word(nsFrom);
    words[at + 3] = 0;
    if ((valid & now) !== 0) words[at + 2] = UTIME_NOW;
    else if ((valid & set) === 0) words[at + 2] = UTIME_OMIT;
  }
}
