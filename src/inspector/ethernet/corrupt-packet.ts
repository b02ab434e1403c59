import type { PacketFault } from "../../signal/index.js";
import { hasKnownChecksum, writeChecksum } from "./packet-checksum.js";
import { readPacketHeader } from "./packet-header.js";

type Corruption = Extract<PacketFault, { kind: "corrupt" }>;

/** Flips the bits in `packet` and writes its checksum. Gives why it cannot be done, and then it is as it was. */
export function corruptPacket(packet: Uint8Array, fault: Corruption): string | undefined {
  const header = readPacketHeader(packet, 0, packet.length);
  const bitCount = (header.payloadEnd - header.payloadStart) * 8;
  if (!hasKnownChecksum(packet, header)) return "a protocol without a known checksum, or a fragment";
  if (bitCount <= 0) return "a packet without payload";
  const bits = Math.min(fault.bits, bitCount);
  const first = Math.min(Math.floor(fault.place * bitCount), bitCount - bits);
  for (let bit = first; bit < first + bits; bit++) {
    packet[header.payloadStart + (bit >> 3)]! ^= 0x80 >> (bit & 7);
  }
  writeChecksum(packet, header, fault.checksum);
  return undefined;
}
