import type { PacketHeader } from "./packet-header.js";

/** What Namazu calls an endpoint that it cannot name. */
export const unknownEntity = "_namazu_unknown_entity";

/**
 * `entity-<IPv4>:<port>`, as Namazu names the ends of an IPv4/TCP packet. Namazu called everything else
 * `_namazu_unknown_entity`; here UDP and SCTP are named alike, IPv6 is `entity-[<IPv6>]:<port>`, and where there is
 * no port it is `entity-<address>`.
 */
export function entityName(memory: Uint8Array, header: PacketHeader, end: "source" | "destination"): string {
  if (header.version === 0) return unknownEntity;
  const port = end === "source" ? header.sourcePort : header.destinationPort;
  const address = addressText(memory, header.version, header[end]);
  if (port < 0) return `entity-${address}`;
  return header.version === 4 ? `entity-${address}:${port}` : `entity-[${address}]:${port}`;
}

export function addressText(memory: Uint8Array, version: 4 | 6, at: number): string {
  return version === 4
    ? `${memory[at]}.${memory[at + 1]}.${memory[at + 2]}.${memory[at + 3]}`
    : ipv6Text(memory, at);
}

// RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups is "::".
function ipv6Text(memory: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((memory[at + i]! << 8) | memory[at + i + 1]!);
  let runStart = -1;
  let runLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length += 1;
    if (length > runLength) {
      runStart = i;
      runLength = length;
    }
    i += length;
  }
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return runStart < 0 ? text(0, 8) : `${text(0, runStart)}::${text(runStart + runLength, 8)}`;
}
