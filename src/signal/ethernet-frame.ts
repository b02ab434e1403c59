/** EtherTypes (IEEE 802 numbers). */
const ipv4 = 0x0800;
const ipv6 = 0x86dd;
/** Tags of virtual LANs, which may be stacked: 802.1Q, 802.1ad, and what was used before it. */
const tags: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const tagBytes = 4;

/**
 * Where an Ethernet II frame's payload begins, behind all tags, and whether it is an IP packet. A frame that is cut short
 * has its payload at its end.
 */
export function framePayload(frame: Uint8Array): { readonly start: number; readonly isIp: boolean } {
  let at = 12;
  while (at + 2 <= frame.length && tags.has(etherType(frame, at))) at += tagBytes;
  if (at + 2 > frame.length) return { start: frame.length, isIp: false };
  const type = etherType(frame, at);
  return { start: at + 2, isIp: type === ipv4 || type === ipv6 };
}

function etherType(frame: Uint8Array, at: number): number {
  return (frame[at]! << 8) | frame[at + 1]!;
}
