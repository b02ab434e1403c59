import { renameat2, unlinkat } from "../backing-calls.js";
import { AT_REMOVEDIR } from "../flags.js";
import type { Session } from "../session.js";

const RENAME_EXCHANGE = 2;

export function unlink(session: Session): void {
  remove(session, 0);
}

export function rmdir(session: Session): void {
  remove(session, AT_REMOVEDIR);
}

function remove(session: Session, flags: number): void {
  const folderFd = session.nodeFd;
  if (folderFd < 0) {
    session.sendStale();
    return;
  }
  session.unsynced?.beforeNameGoes(folderFd, session.request.addressAt(0));
  session.reply.sendResult(unlinkat(folderFd, session.request.addressAt(0), flags));
}

/** `struct fuse_rename_in` { newdir }, old name, new name. */
export function rename(session: Session): void {
  move(session, 8, 0);
}

/** `struct fuse_rename2_in` { newdir, flags, padding }; the flags are renameat2(2)'s. */
export function rename2(session: Session): void {
  move(session, 16, session.request.word(2));
}

function move(session: Session, nameOffset: number, flags: number): void {
  const { request, reply, nodes, paths, identity } = session;
  const newFolder = nodes.byId(request.word(0));
  const newFolderFd = newFolder === undefined ? -1 : nodes.fdOf(newFolder);
  const folderFd = session.nodeFd;
  if (folderFd < 0 || newFolderFd < 0) {
    session.sendStale();
    return;
  }
  const newName = request.addressAt(request.afterString(nameOffset));
  // RENAME_WHITEOUT leaves a device node behind, which belongs to the caller.
  identity.own(request.uid, request.gid, 0);
  if ((flags & RENAME_EXCHANGE) === 0) session.unsynced?.beforeNameGoes(newFolderFd, newName);
  const result = renameat2(folderFd, request.addressAt(nameOffset), newFolderFd, newName, flags);
  reply.sendResult(result);
  if (result === 0) paths.renamed();
}
