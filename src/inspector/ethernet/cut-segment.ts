import { writeChecksum } from "./packet-checksum.js";
import { protocolNumber, readPacketHeader, tcpFlag } from "./packet-header.js";

/** Whatever an interface's MTU, IPv6 asks for 1,280 bytes of it (RFC 8200, 5), less 60 + 60 bytes of headers. */
const pieceBytes = 1160;
const pushFlag = 8;

/**
 * A TCP segment that is longer than a packet may be, in pieces that are not: what a network card would do. Undefined for what
 * is no TCP segment with data.
 */
export function cutSegment(packet: Uint8Array): Buffer[] | undefined {
  const header = readPacketHeader(packet, 0, packet.length);
  const { protocol, transport, payloadStart, payloadEnd, version, tcpSequence } = header;
  if (protocol !== protocolNumber.tcp || tcpSequence < 0 || payloadStart >= payloadEnd) return undefined;
  const pieces: Buffer[] = [];
  for (let at = payloadStart; at < payloadEnd; at += pieceBytes) {
    const end = Math.min(at + pieceBytes, payloadEnd);
    const piece = Buffer.concat([packet.subarray(0, payloadStart), packet.subarray(at, end)]);
    if (version === 4) piece.writeUInt16BE(piece.length, 2);
    else piece.writeUInt16BE(piece.length - 40, 4);
    piece.writeUInt32BE((tcpSequence + at - payloadStart) >>> 0, transport + 4);
    if (end < payloadEnd) piece[transport + 13]! &= ~(tcpFlag.fin | pushFlag);
    writeChecksum(piece, readPacketHeader(piece, 0, piece.length), "right");
    pieces.push(piece);
  }
  return pieces;
}
