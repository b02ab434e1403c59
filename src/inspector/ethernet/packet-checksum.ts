import { type PacketHeader, protocolNumber } from "./packet-header.js";

/** The protocols whose checksum is the Internet checksum (RFC 1071), with its place in their header. */
const checksumPlaces: Readonly<Record<number, number>> = {
  [protocolNumber.tcp]: 16,
  [protocolNumber.udp]: 6,
  [protocolNumber.icmp]: 2,
  [protocolNumber.icmpv6]: 2,
};

/** False for another protocol, and for a fragment: its checksum covers what is not in it. */
export function hasKnownChecksum(packet: Uint8Array, header: PacketHeader): boolean {
  const place = checksumPlaces[header.protocol];
  if (place === undefined || header.transport < 0) return false;
  if (header.transport + place + 2 > header.payloadEnd) return false;
  return header.version !== 4 || ((packet[6]! & 0x3f) | packet[7]!) === 0;
}

/**
 * Writes the checksum of the transport header, right or wrong, whatever was there: a packet on its way out may carry a part
 * of it only, the rest being the network card's work. `packet` begins with its IP header, and has a known checksum.
 */
export function writeChecksum(packet: Uint8Array, header: PacketHeader, kind: "right" | "wrong"): void {
  const { transport, protocol, payloadEnd } = header;
  const at = transport + checksumPlaces[protocol]!;
  packet[at] = 0;
  packet[at + 1] = 0;
  let sum = protocol === protocolNumber.icmp ? 0 : sumOfPseudoHeader(packet, header);
  sum = sumOf(packet, transport, payloadEnd, sum);
  let checksum = ~fold(sum) & 0xffff;
  const isUdp = protocol === protocolNumber.udp;
  // One bit off is never the other way to write the same number (0 and 0xffff). To UDP, 0 is "no checksum".
  if (kind === "wrong") checksum = checksum === 1 && isUdp ? 3 : checksum ^ 1;
  else if (checksum === 0 && isUdp) checksum = 0xffff;
  packet[at] = checksum >> 8;
  packet[at + 1] = checksum & 0xff;
}

// RFC 9293, 3.1 and RFC 8200, 8.1: both come to the addresses, the length and the protocol.
function sumOfPseudoHeader(packet: Uint8Array, header: PacketHeader): number {
  const addressBytes = header.version === 4 ? 8 : 32;
  const length = header.payloadEnd - header.transport;
  return sumOf(packet, header.source, header.source + addressBytes, header.protocol + length);
}

/** 64 KiB come to less than 2^32, so carries can wait. */
function sumOf(bytes: Uint8Array, start: number, end: number, first: number): number {
  let sum = first;
  let at = start;
  for (; at + 1 < end; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  return at < end ? sum + (bytes[at]! << 8) : sum;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}
