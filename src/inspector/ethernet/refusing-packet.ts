import { writeChecksum } from "./packet-checksum.js";
import { type PacketHeader, protocolNumber, readPacketHeader, tcpFlag } from "./packet-header.js";

const hopLimit = 64;
/** RFC 4443, 2.4: an error is no longer than the smallest MTU; RFC 1812, 4.3.2.3 for IPv4. */
const longestError = { 4: 576, 6: 1280 } as const;

/** What the packet's destination would answer if nobody were there, or why nothing may be answered. */
export function refusingPacket(packet: Uint8Array): Buffer | string {
  const header = readPacketHeader(packet, 0, packet.length);
  if (header.version === 0 || header.transport < 0) return "no IP packet, or a fragment";
  if (isForMany(packet, header)) return "a packet for many receivers";
  if (header.protocol === protocolNumber.tcp) return reset(packet, header);
  const isIcmp = header.protocol === protocolNumber.icmp || header.protocol === protocolNumber.icmpv6;
  const echoRequest = header.protocol === protocolNumber.icmp ? 8 : 128;
  if (isIcmp && packet[header.transport] !== echoRequest) return "an ICMP message that is no echo request";
  return unreachable(packet, header);
}

/** RFC 9293, 3.5.2: where the segment acknowledges something, the reset has that number; else it acknowledges the segment. */
function reset(packet: Uint8Array, header: PacketHeader): Buffer | string {
  const { transport, tcpFlags, tcpSequence, payloadStart, payloadEnd } = header;
  if (tcpSequence < 0) return "a TCP header that is cut short";
  if ((tcpFlags & tcpFlag.rst) !== 0) return "a reset";
  const answer = Buffer.alloc(20);
  answer.set(packet.subarray(transport + 2, transport + 4), 0);
  answer.set(packet.subarray(transport, transport + 2), 2);
  answer[12] = 5 << 4;
  if ((tcpFlags & tcpFlag.ack) !== 0) {
    answer.set(packet.subarray(transport + 8, transport + 12), 4);
    answer[13] = tcpFlag.rst;
  } else {
    const flagNumbers = ((tcpFlags & tcpFlag.syn) === 0 ? 0 : 1) + ((tcpFlags & tcpFlag.fin) === 0 ? 0 : 1);
    answer.writeUInt32BE((tcpSequence + payloadEnd - payloadStart + flagNumbers) >>> 0, 8);
    answer[13] = tcpFlag.rst | tcpFlag.ack;
  }
  return backToSender(packet, header, protocolNumber.tcp, answer);
}

/** "Port unreachable" (RFC 792, RFC 4443), with as much of the packet as there is room for. */
function unreachable(packet: Uint8Array, header: PacketHeader): Buffer {
  const isV4 = header.version === 4;
  const room = longestError[isV4 ? 4 : 6] - (isV4 ? 20 : 40) - 8;
  const message = Buffer.concat([Buffer.alloc(8), packet.subarray(0, Math.min(header.payloadEnd, room))]);
  message[0] = isV4 ? 3 : 1;
  message[1] = isV4 ? 3 : 4;
  return backToSender(packet, header, isV4 ? protocolNumber.icmp : protocolNumber.icmpv6, message);
}

function backToSender(packet: Uint8Array, header: PacketHeader, protocol: number, content: Buffer): Buffer {
  const isV4 = header.version === 4;
  const addressBytes = isV4 ? 4 : 16;
  const ip = Buffer.alloc(isV4 ? 20 : 40);
  if (isV4) {
    ip[0] = 0x45;
    ip.writeUInt16BE(20 + content.length, 2);
    ip[8] = hopLimit;
    ip[9] = protocol;
  } else {
    ip[0] = 0x60;
    ip.writeUInt16BE(content.length, 4);
    ip[6] = protocol;
    ip[7] = hopLimit;
  }
  const source = isV4 ? 12 : 8;
  ip.set(packet.subarray(header.destination, header.destination + addressBytes), source);
  ip.set(packet.subarray(header.source, header.source + addressBytes), source + addressBytes);
  const answer = Buffer.concat([ip, content]);
  writeChecksum(answer, readPacketHeader(answer, 0, answer.length), "right");
  return answer;
}

/** Multicast, and the broadcast of IPv4: the answer would have no sender (RFC 1122, 3.2.2). */
function isForMany(packet: Uint8Array, { version, destination }: PacketHeader): boolean {
  const first = packet[destination]!;
  return version === 4 ? first >= 224 : first === 0xff;
}
