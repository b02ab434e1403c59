import { constants } from "node:os";
import {
  getxattr as getxattrCall,
  listxattr as listxattrCall,
  removexattr as removexattrCall,
  setxattr as setxattrCall,
} from "../backing-calls.js";
import { maxTransferBytes, setxattrKillSgid } from "../protocol.js";
import type { Session } from "../session.js";

/** No file belongs to it: whoever acts under it is in no file's group. */
const nobodysGroup = 0xffff_fffe;

/** `struct fuse_setxattr_in` { size, flags, setxattr_flags, padding }, name, value. */
export function setxattr(session: Session): void {
  const { request, reply, identity, descriptors } = session;
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  const killsSgid = (request.word(2) & setxattrKillSgid) !== 0;
  if (killsSgid) identity.own(request.uid, nobodysGroup, 0);
  identity.setKeepsSetid(!killsSgid);
  const valueOffset = request.afterString(16);
  if (valueOffset + request.word(0) > request.length - 40) {
    reply.sendError(constants.errno.EINVAL);
    return;
  }
  reply.sendResult(
    setxattrCall(
      descriptors.pathOf(fd),
      request.addressAt(16),
      request.addressAt(valueOffset),
      request.word(0),
      request.word(1) | 0,
    ),
  );
}

/** `struct fuse_getxattr_in` { size, padding }, name. */
export function getxattr(session: Session): void {
  const { request, reply, descriptors } = session;
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  const path = descriptors.pathOf(fd);
  const name = request.addressAt(8);
  sendValue(session, (size) => getxattrCall(path, name, reply.bodyAddress, size));
}

export function listxattr(session: Session): void {
  const { reply, descriptors } = session;
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  const path = descriptors.pathOf(fd);
  sendValue(session, (size) => listxattrCall(path, reply.bodyAddress, size));
}

/** The value, or its size when the caller asked with size 0. */
function sendValue(session: Session, get: (size: number) => number): void {
  const { request, reply } = session;
  const size = Math.min(request.word(0), maxTransferBytes);
  const result = get(size);
  if (result < 0) {
    reply.sendResult(result);
  } else if (size === 0) {
    reply.putWord(0, result);
    reply.putWord(1, 0);
    reply.send(8);
  } else {
    reply.send(result);
  }
}

export function removexattr(session: Session): void {
  const { request, reply, descriptors } = session;
  const fd = session.nodeFd;
  if (fd < 0) {
    session.sendStale();
    return;
  }
  reply.sendResult(removexattrCall(descriptors.pathOf(fd), request.addressAt(0)));
}
