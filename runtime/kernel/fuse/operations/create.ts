import { constants } from "node:fs";
import { constants as osConstants } from "node:os";
import { lastErrno } from "../../libc.js";
import { close, linkat, mkdirat, mknodat, openat, symlinkat } from "../backing-calls.js";
import { AT_EMPTY_PATH, O_CLOEXEC, O_PATH, O_TMPFILE } from "../flags.js";
import type { Node } from "../node-table.js";
import { entryBytes, openBytes } from "../reply-buffer.js";
import type { Session } from "../session.js";
import { backingFlags, openReplyFlags } from "./files.js";
import { sendEntry } from "./lookup.js";

/** `struct fuse_mkdir_in` { mode, umask }, name. */
export function mkdir(session: Session): void {
  const { request } = session;
  makeNamed(session, 8, request.word(1), (folderFd, name) => mkdirat(folderFd, name, request.word(0)));
}

/** `struct fuse_mknod_in` { mode, rdev, umask, padding }, name. */
export function mknod(session: Session): void {
  const { request } = session;
  makeNamed(session, 16, request.word(2), (folderFd, name) =>
    mknodat(folderFd, name, request.word(0), request.word(1)),
  );
}

/** Name, target. */
export function symlink(session: Session): void {
  const { request } = session;
  const target = request.addressAt(request.afterString(0));
  makeNamed(session, 0, 0, (folderFd, name) => symlinkat(target, folderFd, name));
}

/** Makes something as the caller and replies with it. */
function makeNamed(
  session: Session,
  nameOffset: number,
  umask: number,
  make: (folderFd: number, name: number) => number,
): void {
  const { request, identity, reply, nodes } = session;
  const folderFd = session.nodeFd;
  if (folderFd < 0) {
    session.sendStale();
    return;
  }
  const name = request.addressAt(nameOffset);
  identity.own(request.uid, request.gid, umask);
  identity.setKeepsSetid(true);
  if (make(folderFd, name) < 0) reply.sendResult(-1);
  else sendEntry(session, nodes.lookupNew(folderFd, name));
}

/** `struct fuse_link_in` { oldnodeid }, name; the request is about the folder of the new name. */
export function link(session: Session): void {
  const { request, reply, nodes, stat } = session;
  const folderFd = session.nodeFd;
  const node = nodes.byId(request.word(0));
  const fd = node === undefined ? -1 : nodes.fdOf(node);
  if (folderFd < 0 || node === undefined || fd < 0) {
    session.sendStale();
    return;
  }
  const emptyPath = session.emptyPath;
  if (linkat(fd, emptyPath, folderFd, request.addressAt(8), AT_EMPTY_PATH) < 0 || !stat.ofDescriptor(fd)) {
    reply.sendResult(-1);
    return;
  }
  node.lookups += 1;
  sendEntry(session, node);
}

/**
 * `struct fuse_create_in` { flags, mode, umask, open_flags }, name. The kernel creates only what it believes is not
 * there; if it is, ESTALE makes it look again and check the caller's rights to what it finds.
 */
export function create(session: Session): void {
  const { request } = session;
  const flags = backingFlags(request.word(0)) | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const asked = request.word(0);
  makeOpen(session, flags, request.addressAt(16), (errno) =>
    errno === osConstants.errno.EEXIST && (asked & constants.O_EXCL) === 0 ? osConstants.errno.ESTALE : errno,
  );
}

/** As CREATE; the file has no name yet. */
export function tmpfile(session: Session): void {
  const { request } = session;
  const exclusive = request.word(0) & constants.O_EXCL;
  const flags = (backingFlags(request.word(0)) & ~constants.O_CREAT) | O_TMPFILE | exclusive;
  makeOpen(session, flags, session.currentFolderPath, (errno) => errno);
}

function makeOpen(
  session: Session,
  flags: number,
  nameAddress: number,
  mapErrno: (errno: number) => number,
): void {
  const { request, reply, identity, nodes } = session;
  const folderFd = session.nodeFd;
  if (folderFd < 0) {
    session.sendStale();
    return;
  }
  identity.own(request.uid, request.gid, request.word(2));
  identity.setKeepsSetid(true);
  const mode = request.word(1) & 0o7777;
  const fd = nodes.withRoom(() => openat(folderFd, nameAddress, flags, mode));
  if (fd < 0) {
    reply.sendError(mapErrno(lastErrno()));
    return;
  }
  const node = adoptOpen(session, fd);
  if (node === undefined) {
    close(fd);
    reply.sendResult(-1);
    return;
  }
  sendCreated(session, node, fd);
}

/** The node of a file that is open for use; its lookup is counted. */
function adoptOpen(session: Session, fd: number): Node | undefined {
  const { descriptors, nodes } = session;
  const pathFd = nodes.withRoom(() =>
    openat(descriptors.folder, descriptors.nameOf(fd), O_PATH | O_CLOEXEC, 0),
  );
  return pathFd < 0 ? undefined : nodes.adopt(pathFd);
}

function sendCreated(session: Session, node: Node, fd: number): void {
  const { request, reply, stat, nodes, files, passthrough } = session;
  const backingId = passthrough.open(node, fd, request.uid);
  const file = files.addFile(fd, node, request.word(0), backingId > 0);
  reply.putEntry(0, node.id, stat, node.inodeSalt);
  reply.putOpen(entryBytes, fd, openReplyFlags(session, request.word(0), backingId), backingId);
  if (reply.send(entryBytes + openBytes)) return;
  session.closeFile(file);
  nodes.forget(node.id, 1);
}
