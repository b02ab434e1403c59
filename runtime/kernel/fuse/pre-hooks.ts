import { constants } from "node:fs";
import { hook } from "./hook-points.js";
import { attributeFlag, opcode } from "./protocol.js";
import type { Session } from "./session.js";

const none = -1;

/**
 * The hook that the request must pass before it is done, or -1. An open that truncates passes one hook only:
 * pre-open, or pre-truncate where pre-open is not asked for; so does a create: pre-create, or else pre-open.
 */
export function preHookOf(session: Session): number {
  const { gate, request } = session;
  switch (request.opcode) {
    case opcode.mkdir:
      return gate.isHooked(hook.preMkdir) ? hook.preMkdir : none;
    case opcode.rmdir:
      return gate.isHooked(hook.preRmdir) ? hook.preRmdir : none;
    case opcode.fsync:
    case opcode.fsyncdir:
      return gate.isHooked(hook.preFsync) ? hook.preFsync : none;
    case opcode.open:
      if (gate.isHooked(hook.preOpen)) return hook.preOpen;
      return (request.word(0) & constants.O_TRUNC) !== 0 && gate.isHooked(hook.preTruncate)
        ? hook.preTruncate
        : none;
    case opcode.create:
    case opcode.tmpfile:
      if (gate.isHooked(hook.preCreate)) return hook.preCreate;
      return gate.isHooked(hook.preOpen) ? hook.preOpen : none;
    case opcode.mknod:
      return gate.isHooked(hook.preCreate) ? hook.preCreate : none;
    case opcode.write:
    case opcode.copyFileRange:
      return gate.isHooked(hook.preWrite) ? hook.preWrite : none;
    case opcode.rename:
    case opcode.rename2:
      return gate.isHooked(hook.preRename) ? hook.preRename : none;
    case opcode.unlink:
      return gate.isHooked(hook.preUnlink) ? hook.preUnlink : none;
    case opcode.setattr:
      return (request.word(0) & attributeFlag.size) !== 0 && gate.isHooked(hook.preTruncate)
        ? hook.preTruncate
        : none;
    default:
      return none;
  }
}

/** Bytes of arguments before the name, for requests that are about a name in a folder. */
const nameOffset: Readonly<Record<number, number>> = {
  [opcode.mkdir]: 8,
  [opcode.rmdir]: 0,
  [opcode.create]: 16,
  [opcode.mknod]: 16,
  [opcode.rename]: 8,
  [opcode.rename2]: 16,
  [opcode.unlink]: 0,
};

/**
 * The path an event carries: of a rename the old one, of a file without a name its folder, of a copy where it goes.
 */
export function hookedPath(session: Session): string {
  const { request, nodes, paths } = session;
  const id = request.opcode === opcode.copyFileRange ? request.word(4) : request.nodeId;
  const node = nodes.byId(id);
  if (node === undefined) return "";
  const offset = nameOffset[request.opcode];
  return offset === undefined ? paths.of(node) : paths.in(node, request.stringAt(offset));
}
