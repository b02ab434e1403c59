import { constants } from "node:os";
import { NativeMemory } from "../../native-memory.js";
import { fstatfs, ioctl as ioctlCall, readlinkat, syncfs as syncfsCall } from "../backing-calls.js";
import {
  inHeaderBytes,
  initFlag,
  initFlag2,
  maxTransferBytes,
  outHeaderBytes,
  protocolMajor,
  protocolMinor,
} from "../protocol.js";
import type { Session } from "../session.js";

const scratch = new NativeMemory(256);

const wanted =
  initFlag.asyncRead |
  initFlag.atomicTruncate |
  initFlag.bigWrites |
  initFlag.dontMask |
  initFlag.autoInvalidateData |
  initFlag.readdirplus |
  initFlag.readdirplusAuto |
  initFlag.asyncDirectIo |
  initFlag.parallelDirectoryOperations |
  initFlag.posixAcl |
  initFlag.maxPages |
  initFlag.cacheSymlinks |
  initFlag.handleKillprivV2 |
  initFlag.setxattrExtended |
  initFlag.initExtended;

/**
 * `struct fuse_init_in` → `struct fuse_init_out`. Held background requests count against `max_background`, so it is
 * far above anything that is ever held; locks are not negotiated, which leaves them to the kernel.
 */
export function init(session: Session): void {
  const { request, reply, passthrough, data } = session;
  for (let i = 0; i < 16; i++) reply.putWord(i, 0);
  reply.putWord(0, protocolMajor);
  reply.putWord(1, Math.min(protocolMinor, request.word(1)));
  reply.putWord(2, request.word(2));
  reply.putWord(3, request.word(3) & wanted);
  reply.putWord(4, 32_768 | (24_576 << 16));
  reply.putWord(5, maxTransferBytes);
  reply.putWord(6, 1);
  reply.putWord(7, maxTransferBytes / 4096);
  const isExtended = (request.word(3) & initFlag.initExtended) !== 0 && request.length >= 40 + 20;
  let extended = 0;
  if (isExtended && data.wantsDirectReads && (request.word(4) & initFlag2.directIoAllowMmap) !== 0) {
    extended |= initFlag2.directIoAllowMmap;
    session.readsDirectly = true;
  }
  if (isExtended && data.allowsPassthrough && (request.word(4) & initFlag2.passthrough) !== 0) {
    extended |= initFlag2.passthrough;
    reply.putWord(9, 1); // max_stack_depth
    passthrough.enable();
  }
  reply.putWord(8, extended);
  reply.send(64);
}

export function destroy(session: Session): void {
  session.reply.send(0);
}

/** `struct statfs` of 64-bit Linux → `struct fuse_kstatfs`. */
export function statfs(session: Session): void {
  const { reply } = session;
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  if (fstatfs(fd, scratch.address) < 0) {
    reply.sendResult(-1);
    return;
  }
  const { words } = scratch;
  for (let i = 0; i < 10; i++) reply.putWord(i, words[4 + i]!);
  reply.putWord(10, words[2]!);
  reply.putWord(11, words[16]!);
  reply.putWord(12, words[18]!);
  for (let i = 13; i < 20; i++) reply.putWord(i, 0);
  reply.send(80);
}

export function syncfs(session: Session): void {
  session.reply.sendResult(syncfsCall(session.nodeFd));
}

export function readlink(session: Session): void {
  const { reply } = session;
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  const length = readlinkat(fd, session.emptyPath, reply.bodyAddress, 4096);
  if (length < 0) reply.sendResult(length);
  else reply.send(length);
}

/** FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_IOC_FSGETXATTR, FS_IOC_FSSETXATTR: lsattr, chattr, project quotas. */
const passedIoctls = new Set([0x80086601, 0x40086602, 0x801c581f, 0x401c5820]);

/** `struct fuse_ioctl_in` { fh, flags, cmd, arg, in_size, out_size }, data → `struct fuse_ioctl_out`, data. */
export function ioctl(session: Session): void {
  const { request, reply } = session;
  const command = request.word(3);
  const inBytes = request.word(6);
  const outBytes = request.word(7);
  if (!passedIoctls.has(command) || inBytes > 64 || outBytes > 64 || request.length < 72 + inBytes) {
    reply.sendError(constants.errno.ENOTTY);
    return;
  }
  for (let i = 0; i < 24; i++) reply.putWord(i, 0);
  const data = request.memory.bytes.subarray(inHeaderBytes + 32, inHeaderBytes + 32 + inBytes);
  reply.memory.bytes.set(data, outHeaderBytes + 16);
  if (ioctlCall(session.files.descriptor(request.word(0)), command, reply.bodyAddress + 16) < 0)
    reply.sendResult(-1);
  else reply.send(16 + outBytes);
}
