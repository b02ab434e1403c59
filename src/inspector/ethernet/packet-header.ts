/** Protocol numbers of IP (IANA). */
export const protocolNumber = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 } as const;

/** Flag bits of a TCP header (RFC 9293). */
export const tcpFlag = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

/**
 * Where things are in an IP packet. All positions are indices into the memory it was read from; -1 is "not there":
 * a packet that is cut short, a later fragment, another protocol.
 */
export interface PacketHeader {
  /** 4, 6, or 0 for what is no IP packet. */
  readonly version: 0 | 4 | 6;
  readonly protocol: number;
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Start of the TCP, UDP, ICMP … header. */
  readonly transport: number;
  readonly tcpFlags: number;
  readonly tcpSequence: number;
  /** What the transport carries, as far as it was copied. */
  readonly payloadStart: number;
  readonly payloadEnd: number;
  /** Bytes that belong to the packet and were not copied. */
  readonly missingBytes: number;
}

const unknown: PacketHeader = {
  version: 0,
  protocol: -1,
  source: -1,
  destination: -1,
  sourcePort: -1,
  destinationPort: -1,
  transport: -1,
  tcpFlags: 0,
  tcpSequence: -1,
  payloadStart: 0,
  payloadEnd: 0,
  missingBytes: 0,
};

/** Reads the packet in `memory[start, end)`. Never throws, and never looks outside. */
export function readPacketHeader(memory: Uint8Array, start: number, end: number): PacketHeader {
  const version = start < end ? memory[start]! >> 4 : 0;
  if (version === 4 && end - start >= 20) return readIpv4(memory, start, end);
  if (version === 6 && end - start >= 40) return readIpv6(memory, start, end);
  return { ...unknown, payloadStart: start, payloadEnd: end };
}

function readIpv4(memory: Uint8Array, start: number, end: number): PacketHeader {
  const headerBytes = (memory[start]! & 15) * 4;
  const totalBytes = uint16(memory, start + 2);
  // Segments of more than 64 KiB have a length of 0; anything else that is out of bounds is garbage.
  const packetEnd = totalBytes >= headerBytes ? Math.min(end, start + totalBytes) : end;
  const isLaterFragment = (uint16(memory, start + 6) & 0x1fff) !== 0;
  const transport = start + headerBytes;
  const isReadable = headerBytes >= 20 && transport <= packetEnd && !isLaterFragment;
  return readTransport(memory, isReadable ? transport : -1, packetEnd, {
    version: 4,
    protocol: memory[start + 9]!,
    source: start + 12,
    destination: start + 16,
    payloadStart: Math.min(start + Math.max(20, headerBytes), packetEnd),
    missingBytes: Math.max(0, totalBytes - (end - start)),
  });
}

function readIpv6(memory: Uint8Array, start: number, end: number): PacketHeader {
  const payloadBytes = uint16(memory, start + 4);
  const packetEnd = payloadBytes > 0 ? Math.min(end, start + 40 + payloadBytes) : end;
  const { protocol, transport, isLaterFragment } = skipExtensions(memory, start, packetEnd);
  return readTransport(memory, isLaterFragment ? -1 : transport, packetEnd, {
    version: 6,
    protocol,
    source: start + 8,
    destination: start + 24,
    payloadStart: transport < 0 ? start + 40 : transport,
    missingBytes: Math.max(0, payloadBytes + 40 - (end - start)),
  });
}

// RFC 8200: each extension header names the next one and, but for the fragment header, its own length.
function skipExtensions(
  memory: Uint8Array,
  start: number,
  end: number,
): { protocol: number; transport: number; isLaterFragment: boolean } {
  let protocol = memory[start + 6]!;
  let at = start + 40;
  let isLaterFragment = false;
  for (;;) {
    const isExtension =
      protocol === 0 || protocol === 43 || protocol === 44 || protocol === 60 || protocol === 51;
    if (!isExtension) return { protocol, transport: at, isLaterFragment };
    if (at + 8 > end) return { protocol, transport: -1, isLaterFragment };
    const lengthByte = memory[at + 1]!;
    if (protocol === 44 && (uint16(memory, at + 2) & 0xfff8) !== 0) isLaterFragment = true;
    const bytes = protocol === 44 ? 8 : protocol === 51 ? (lengthByte + 2) * 4 : (lengthByte + 1) * 8;
    protocol = memory[at]!;
    at += bytes;
    if (at > end) return { protocol, transport: -1, isLaterFragment };
    if (isLaterFragment) return { protocol, transport: at, isLaterFragment };
  }
}

interface NetworkPart {
  readonly version: 4 | 6;
  readonly protocol: number;
  readonly source: number;
  readonly destination: number;
  readonly payloadStart: number;
  readonly missingBytes: number;
}

function readTransport(
  memory: Uint8Array,
  transport: number,
  end: number,
  network: NetworkPart,
): PacketHeader {
  const { version, protocol, source, destination } = network;
  let headerBytes = 0;
  let hasPorts = false;
  let tcpFlags = 0;
  let tcpSequence = -1;
  const available = transport < 0 ? 0 : end - transport;
  if (protocol === protocolNumber.tcp && available >= 20) {
    headerBytes = Math.max(20, (memory[transport + 12]! >> 4) * 4);
    tcpFlags = memory[transport + 13]!;
    tcpSequence = ((uint16(memory, transport + 4) << 16) | uint16(memory, transport + 6)) >>> 0;
    hasPorts = true;
  } else if (protocol === protocolNumber.udp && available >= 8) {
    headerBytes = 8;
    hasPorts = true;
  } else if (protocol === protocolNumber.sctp && available >= 12) {
    headerBytes = 12;
    hasPorts = true;
  } else if ((protocol === protocolNumber.icmp || protocol === protocolNumber.icmpv6) && available >= 4) {
    headerBytes = Math.min(8, available);
  }
  return {
    version,
    protocol,
    source,
    destination,
    sourcePort: hasPorts ? uint16(memory, transport) : -1,
    destinationPort: hasPorts ? uint16(memory, transport + 2) : -1,
    transport,
    tcpFlags,
    tcpSequence,
    payloadStart:
      transport < 0 ? Math.min(network.payloadStart, end) : Math.min(transport + headerBytes, end),
    payloadEnd: end,
    missingBytes: network.missingBytes,
  };
}

function uint16(memory: Uint8Array, at: number): number {
  return (memory[at]! << 8) | memory[at + 1]!;
}
