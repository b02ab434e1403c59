import { outputHook } from "../../../runtime/kernel/index.js";
import { entityName } from "./endpoint-name.js";
import type { PacketHeader } from "./packet-header.js";
import { hintStart } from "./packet-hint.js";

/** What all packets of one direction of a connection have in common. */
export interface FlowNames {
  readonly srcEntity: string;
  readonly dstEntity: string;
  /** The replay hint, up to what the packet holds. */
  readonly hintStart: string;
}

interface Remembered extends FlowNames {
  readonly hook: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Both, as they stand in the packet. */
  readonly addresses: Uint8Array;
}

const slots = 256;

/**
 * The names of the flows that packets came in lately: each packet is asked for them, and they cost more to put together than
 * all else that is read from it. A flow that falls on another's place displaces it.
 */
export class RecentFlows {
  readonly #remembered: (Remembered | undefined)[] = new Array(slots).fill(undefined);

  namesOf(memory: Uint8Array, header: PacketHeader, hook: number, firstEphemeralPort: number): FlowNames {
    const slot = slotOf(memory, header, hook);
    const known = this.#remembered[slot];
    if (known !== undefined && isSame(known, memory, header, hook)) return known;
    const { protocol, source, sourcePort, destinationPort } = header;
    const names = {
      srcEntity: entityName(memory, header, "source"),
      dstEntity: entityName(memory, header, "destination"),
      hintStart: hintStart(memory, header, hook === outputHook ? "output" : "input", firstEphemeralPort),
    };
    // Not slice: of a Buffer, as the npm package hands over, that is a view, and keeps its packet.
    const addresses = new Uint8Array(memory.subarray(source, source + addressBytes(header)));
    this.#remembered[slot] = { ...names, hook, protocol, sourcePort, destinationPort, addresses };
    return names;
  }
}

/** The destination follows the source, in both versions of IP. */
function addressBytes({ version }: PacketHeader): number {
  return version === 4 ? 8 : version === 6 ? 32 : 0;
}

function slotOf(memory: Uint8Array, header: PacketHeader, hook: number): number {
  const { source, sourcePort, destinationPort } = header;
  let hash = Math.imul(sourcePort, 31) + destinationPort + hook;
  // The low bytes of both addresses, in which those of one network differ.
  const middle = source + (addressBytes(header) >> 1);
  if (middle > source) hash += Math.imul(memory[middle - 1]!, 17) + memory[2 * middle - source - 1]!;
  return (hash ^ (hash >>> 8)) & (slots - 1);
}

function isSame(known: Remembered, memory: Uint8Array, header: PacketHeader, hook: number): boolean {
  const { addresses } = known;
  if (
    known.sourcePort !== header.sourcePort ||
    known.destinationPort !== header.destinationPort ||
    known.hook !== hook ||
    known.protocol !== header.protocol ||
    addresses.length !== addressBytes(header)
  ) {
    return false;
  }
  for (let i = 0; i < addresses.length; i++) if (addresses[i] !== memory[header.source + i]) return false;
  return true;
}
