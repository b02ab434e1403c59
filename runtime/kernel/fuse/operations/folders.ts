import { constants } from "node:fs";
import { arrangeLater, seekArranged } from "../arranged-listing.js";
import { getdents64, lseek, openat } from "../backing-calls.js";
import { O_CLOEXEC } from "../flags.js";
import { hook } from "../hook-points.js";
import type { OpenFolder } from "../open-files.js";
import { folderBufferBytes } from "../open-files.js";
import { maxTransferBytes, outHeaderBytes } from "../protocol.js";
import { entryBytes, openBytes } from "../reply-buffer.js";
import type { Session } from "../session.js";

const direntHeaderBytes = 24;

export function opendir(session: Session): void {
  const { reply, nodes, descriptors, files, node } = session;
  const nodeFd = session.nodeFd;
  if (node === undefined || nodeFd < 0) {
    session.sendStale();
    return;
  }
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC;
  const fd = nodes.withRoom(() => openat(descriptors.folder, descriptors.nameOf(nodeFd), flags, 0));
  if (fd < 0) {
    reply.sendResult(fd);
    return;
  }
  const folder = files.addFolder(fd, node);
  reply.putOpen(0, fd, 0, 0);
  const takeBack = () => files.closeFolder(folder);
  session.sendAfter(hook.postOpendir, node, openBytes, takeBack, arrangeLater(folder));
}

export function releasedir(session: Session): void {
  const { files, request, reply } = session;
  const folder = files.folder(request.word(0));
  if (folder !== undefined) files.closeFolder(folder);
  reply.send(0);
}

export function readdir(session: Session): void {
  list(session, 0);
}

/** As READDIR, each entry preceded by what a LOOKUP of it would reply. */
export function readdirplus(session: Session): void {
  list(session, entryBytes);
}

/** `struct fuse_read_in` { fh, offset, size, … }: as many entries from `offset` on as fit `size`. */
function list(session: Session, prefixBytes: number): void {
  const { request, reply, files } = session;
  const folder = files.folder(request.word(0));
  if (folder === undefined) {
    session.sendStale();
    return;
  }
  if (folder.arrangement !== undefined) seekArranged(folder, request.word(2), request.word(3));
  else seek(folder, request.word(2), request.word(3));
  const entries = files.entriesOf(folder);
  const room = Math.min(request.word(4), maxTransferBytes);
  let used = 0;
  for (;;) {
    if (folder.handed >= folder.filled) {
      if (folder.arrangement !== undefined) break;
      const filled = getdents64(folder.fd, entries.address, folderBufferBytes);
      session.listings.note(folder, entries.bytes, filled);
      if (filled <= 0) {
        if (filled < 0 && used === 0) {
          reply.sendResult(filled);
          return;
        }
        break;
      }
      folder.filled = filled;
      folder.handed = 0;
    }
    const added = putEntry(session, folder, used, room, prefixBytes);
    if (added === 0) break;
    used += added;
  }
  reply.send(used);
}

/** Continues where the last call ended; anywhere else, what was read ahead is given up. */
function seek(folder: OpenFolder, low: number, high: number): void {
  if (folder.positionLow === low && folder.positionHigh === high) return;
  // A position is a hash of 63 bits on ext4: too wide for a number.
  lseek(folder.fd, (BigInt(high) << 32n) | BigInt(low), 0);
  folder.seen = low === 0 && high === 0 ? [] : undefined;
  folder.filled = 0;
  folder.handed = 0;
  folder.positionLow = low;
  folder.positionHigh = high;
}

/**
 * `struct linux_dirent64` { ino, off, reclen, type, name } → `struct fuse_dirent` { ino, off, namelen, type, name
 * }. Returns how many bytes it took, 0 when the entry does not fit any more.
 */
function putEntry(
  session: Session,
  folder: OpenFolder,
  used: number,
  room: number,
  prefixBytes: number,
): number {
  const { reply } = session;
  const { words, bytes } = folder.entries!;
  const from = folder.handed;
  const word = from >> 2;
  const recordBytes = words[word + 4]! & 0xffff;
  const nameStart = from + 19;
  let nameEnd = nameStart;
  while (bytes[nameEnd] !== 0) nameEnd += 1;
  const nameBytes = nameEnd - nameStart;
  const size = prefixBytes + ((direntHeaderBytes + nameBytes + 7) & ~7);
  if (used + size > room) return 0;

  let inodeSalt = folder.node.inodeSalt;
  if (prefixBytes > 0) inodeSalt = putLookup(session, folder, used, nameStart, nameBytes) ?? inodeSalt;
  const at = (used + prefixBytes) >> 2;
  reply.putWord(at, words[word]!);
  reply.putWord(at + 1, words[word + 1]! ^ inodeSalt);
  reply.putWord(at + 2, words[word + 2]!);
  reply.putWord(at + 3, words[word + 3]!);
  reply.putWord(at + 4, nameBytes);
  reply.putWord(at + 5, bytes[from + 18]!);
  const out = reply.memory.bytes;
  let to = outHeaderBytes + used + prefixBytes + direntHeaderBytes;
  for (let i = nameStart; i < nameEnd; i++) out[to++] = bytes[i]!;
  for (const end = outHeaderBytes + used + size; to < end; ) out[to++] = 0;

  folder.handed = from + recordBytes;
  folder.positionLow = words[word + 2]!;
  folder.positionHigh = words[word + 3]!;
  return size;
}

/** An entry that is gone by now, and "." and "..", are given without a node. Returns the node's inode salt. */
function putLookup(
  session: Session,
  folder: OpenFolder,
  used: number,
  nameStart: number,
  nameBytes: number,
): number | undefined {
  const { reply, nodes, stat } = session;
  const { bytes, address } = folder.entries!;
  const isDot =
    bytes[nameStart] === 46 && (nameBytes === 1 || (nameBytes === 2 && bytes[nameStart + 1] === 46));
  const node = isDot ? undefined : nodes.lookup(folder.fd, address + nameStart);
  if (node === undefined) {
    for (let i = 0; i < entryBytes / 4; i++) reply.putWord((used >> 2) + i, 0);
    return undefined;
  }
  reply.putEntry(used, node.id, stat, node.inodeSalt);
  return node.inodeSalt;
}
