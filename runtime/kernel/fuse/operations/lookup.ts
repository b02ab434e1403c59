import { lastErrno } from "../../libc.js";
import type { Node } from "../node-table.js";
import { body } from "../protocol.js";
import { entryBytes } from "../reply-buffer.js";
import type { Session } from "../session.js";

export function lookup(session: Session): void {
  const folderFd = session.nodeFd;
  if (folderFd < 0) {
    session.sendStale();
    return;
  }
  sendEntry(session, session.nodes.lookup(folderFd, session.request.addressAt(0)));
}

/**
 * Replies with a node that was just looked up (its lookup counted, its attributes in the stat buffer), or with the
 * errno of the lookup that failed.
 */
export function sendEntry(session: Session, node: Node | undefined): void {
  const { reply, stat, nodes } = session;
  if (node === undefined) {
    reply.sendError(lastErrno());
    return;
  }
  reply.putEntry(0, node.id, stat, node.inodeSalt);
  if (!reply.send(entryBytes)) nodes.forget(node.id, 1);
}

/** No reply is due. */
export function forget(session: Session): void {
  session.nodes.forget(session.request.nodeId, session.request.u64(0));
}

/** `struct fuse_batch_forget_in`, then pairs (node id, count). No reply is due. */
export function batchForget(session: Session): void {
  const { request, nodes } = session;
  const count = Math.min(request.word(0), Math.floor((request.length - 48) / 16));
  for (let i = 0; i < count; i++) {
    const at = body + 2 + 4 * i;
    nodes.forget(request.words[at]!, request.memory.u64(at + 2));
  }
}
