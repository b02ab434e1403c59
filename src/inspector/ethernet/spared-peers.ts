import type { TcpPeer } from "../../../runtime/kernel/index.js";
import type { CapturedPacket } from "./captured-packet.js";
import { protocolNumber } from "./packet-header.js";

/**
 * TCP endpoints whose packets go on unseen although somebody's rules lead them here: the way to whoever decides. A packet of
 * it that waited for its own answer would wait for ever.
 */
export class SparedPeers {
  readonly #ports: ReadonlySet<number>;
  /** Those at any address. */
  readonly #portsAnywhere: ReadonlySet<number>;
  readonly #names: ReadonlySet<string>;

  constructor(peers: readonly TcpPeer[]) {
    this.#ports = new Set(peers.map(({ port }) => port));
    this.#portsAnywhere = new Set(
      peers.flatMap(({ address, port }) => (address === undefined ? [port] : [])),
    );
    this.#names = new Set(
      peers.flatMap(({ address, port }) => (address === undefined ? [] : [nameOf(address, port)])),
    );
  }

  has(packet: CapturedPacket): boolean {
    const { protocol, sourcePort, destinationPort } = packet.header;
    if (protocol !== protocolNumber.tcp) return false;
    if (this.#portsAnywhere.has(sourcePort) || this.#portsAnywhere.has(destinationPort)) return true;
    return (
      (this.#ports.has(destinationPort) && this.#names.has(packet.dstEntity)) ||
      (this.#ports.has(sourcePort) && this.#names.has(packet.srcEntity))
    );
  }
}

/** As `entityName` writes it. */
function nameOf(address: string, port: number): string {
  // The URL parser writes an IPv6 address in its shortest form, brackets included.
  return address.includes(":")
    ? `entity-${new URL(`http://[${address}]`).hostname}:${port}`
    : `entity-${address}:${port}`;
}
