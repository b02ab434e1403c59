/** The number that the yardstick `paced` writes at the start of an IPv4/UDP payload. */
export function readPacketNumber(packet: Uint8Array): number {
  const at = 28;
  return packet[at]! | (packet[at + 1]! << 8) | (packet[at + 2]! << 16) | (packet[at + 3]! << 24);
}
