import { addressText } from "./endpoint-name.js";
import { type PacketHeader, protocolNumber, tcpFlag } from "./packet-header.js";
import { payloadDigest } from "./payload-digest.js";

export type Direction = "output" | "input";

const protocolNames = new Map<number, string>(
  Object.entries(protocolNumber).map(([name, number]) => [number, name]),
);

/**
 * What a packet has in common with its twin in another run: `tcp:output:local>10.0.0.3:80:data:<digest>`. Holds no
 * ephemeral port, sequence number, IP id or checksum, nor the own address, which the engine gives out anew each time.
 */
export function packetHint(
  memory: Uint8Array,
  header: PacketHeader,
  direction: Direction,
  firstEphemeralPort: number,
): string {
  return hintStart(memory, header, direction, firstEphemeralPort) + hintEnd(memory, header);
}

/** Of the hint what it has in common with the others of its flow. */
export function hintStart(
  memory: Uint8Array,
  header: PacketHeader,
  direction: Direction,
  firstEphemeralPort: number,
): string {
  const { version, protocol, sourcePort, destinationPort } = header;
  if (version === 0) return `unknown:${direction}:`;
  const isSourceEphemeral = sourcePort >= firstEphemeralPort;
  const isDestinationEphemeral = destinationPort >= firstEphemeralPort;
  const source =
    endName(memory, header, "source", direction === "output") + port(sourcePort, isSourceEphemeral);
  const destination =
    endName(memory, header, "destination", direction === "input") +
    port(destinationPort, isDestinationEphemeral);
  const name = protocolNames.get(protocol) ?? `ip${protocol}`;
  return `${name}:${direction}:${source}>${destination}:`;
}

function port(number: number, isEphemeral: boolean): string {
  return number < 0 || isEphemeral ? "" : `:${number}`;
}

function endName(
  memory: Uint8Array,
  header: PacketHeader,
  end: "source" | "destination",
  isOurs: boolean,
): string {
  const { version, source, destination } = header;
  if (version === 0) return "";
  const at = header[end];
  const isLoopback = version === 4 && memory[at] === 127;
  if (!isLoopback && (isOurs || isSameAddress(memory, source, destination, version))) return "local";
  if (version === 6 && memory[at] === 0xfe && (memory[at + 1]! & 0xc0) === 0x80) return "link-local";
  const text = addressText(memory, version, at);
  // The rest of a solicited-node address is made of somebody's own address.
  return text.startsWith("ff02::1:ff") ? "solicited-node" : text;
}

function isSameAddress(memory: Uint8Array, a: number, b: number, version: 4 | 6): boolean {
  for (let i = 0; i < (version === 4 ? 4 : 16); i++) if (memory[a + i] !== memory[b + i]) return false;
  return true;
}

/** The rest of it: what the packet holds. */
export function hintEnd(memory: Uint8Array, header: PacketHeader): string {
  const { version, protocol, transport, tcpFlags, payloadStart, payloadEnd } = header;
  if (version === 0) return payloadDigest(memory, payloadStart, payloadEnd);
  const bytes = payloadEnd - payloadStart;
  if (protocol === protocolNumber.icmp || protocol === protocolNumber.icmpv6) {
    // ping puts the time of day into its payload, an error carries ids and ports: type and code must do.
    return transport < 0 || bytes < 0 ? "" : `${memory[transport]}/${memory[transport + 1]}:${bytes}`;
  }
  if (protocol === protocolNumber.tcp && transport >= 0) {
    const kind =
      (tcpFlags & tcpFlag.rst) !== 0
        ? "rst"
        : (tcpFlags & tcpFlag.syn) !== 0
          ? "syn"
          : (tcpFlags & tcpFlag.fin) !== 0
            ? "fin"
            : bytes > 0
              ? "data"
              : "ack";
    return bytes === 0 ? kind : `${kind}:${contentDigest(memory, header)}`;
  }
  return contentDigest(memory, header);
}

// A DNS message opens with an id drawn by chance; over TCP its length comes before it.
function contentDigest(memory: Uint8Array, header: PacketHeader): string {
  const { protocol, sourcePort, destinationPort, payloadStart, payloadEnd } = header;
  const isDns = sourcePort === 53 || destinationPort === 53;
  const skip = !isDns ? 0 : protocol === protocolNumber.tcp ? 4 : 2;
  return payloadDigest(memory, Math.min(payloadStart + skip, payloadEnd), payloadEnd);
}
