import { isIPv6 } from "node:net";

/**
 * Who sent a line: `entity-<IPv4>:<port>`, as Namazu's inspector wrote it; `entity-[<IPv6>]:<port>`, as the ethernet
 * inspector names an end. An IPv4 address that came through an IPv6 socket is what it is; zones are left out.
 */
export function sourceEntity(address: string, port: number): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/s, "");
  return isIPv6(plain) ? `entity-[${plain}]:${port}` : `entity-${plain}:${port}`;
}
