import {
  acceptVerdict,
  dropVerdict,
  outputHook,
  type PacketInjector,
  type PacketQueue,
  SyscallError,
} from "../../../runtime/kernel/index.js";
import type { PacketFault } from "../../signal/index.js";
import { messageOf } from "../../util/index.js";
import type { CapturedPacket } from "./captured-packet.js";
import { corruptPacket } from "./corrupt-packet.js";
import { cutSegment } from "./cut-segment.js";
import { hasKnownChecksum, writeChecksum } from "./packet-checksum.js";
import { protocolNumber, readPacketHeader } from "./packet-header.js";
import { refusingPacket } from "./refusing-packet.js";

/** Where faults are done: a queue whose verdicts are final, and a way into the namespace where there is one. */
export interface FaultPlace {
  readonly queue: PacketQueue;
  readonly injector?: PacketInjector | undefined;
}

/** "gone": nothing of it will arrive, what is sent again is new. `refused`: why it was accepted as it is. */
export type FaultResult = { readonly isGone: boolean } | { readonly refused: string };

type ImmediateFault = Exclude<PacketFault, { kind: "reorder" }>;

/** Does the fault and gives the packet its verdict. Never throws: what cannot be done is accepted. */
export function doPacketFault(packet: CapturedPacket, fault: ImmediateFault, place: FaultPlace): FaultResult {
  if (fault.kind === "drop") return drop(packet, place);
  try {
    const result = attempt(packet, fault, place);
    if (typeof result !== "string") return result;
    return refuse(packet, fault, place, result);
  } catch (error) {
    return refuse(packet, fault, place, error instanceof SyscallError ? error.code : messageOf(error));
  }
}

function attempt(
  packet: CapturedPacket,
  fault: Exclude<ImmediateFault, { kind: "drop" }>,
  place: FaultPlace,
): FaultResult | string {
  if (packet.isCutShort) return "a packet that was not copied whole";
  const bytes = Buffer.from(packet.bytes);
  if (fault.kind === "duplicate") return duplicate(packet, bytes, fault.copies, place);
  if (fault.kind === "reject") return reject(packet, bytes, place);
  const impossible = corruptPacket(bytes, fault);
  if (impossible !== undefined) return impossible;
  const isWrong = fault.checksum === "wrong";
  // What is cut later gets its checksums then, all of them right; the receiver's kernel would throw the wrong one away.
  if (isWrong && packet.isCutLater) return drop(packet, place);
  if (place.queue.replace !== undefined && !packet.isCutLater) place.queue.replace(packet.id, bytes);
  else sendInstead(packet, bytes, place);
  return { isGone: isWrong };
}

function duplicate(
  packet: CapturedPacket,
  bytes: Buffer,
  copies: number,
  place: FaultPlace,
): FaultResult | string {
  const injector = requireInjector(place);
  const header = readPacketHeader(bytes, 0, bytes.length);
  if (header.version === 0) return "no IP packet";
  completeChecksum(bytes);
  place.queue.setVerdict(packet.id, acceptVerdict);
  // Right behind it, and not before it.
  place.queue.flush();
  packet.hasVerdict = true;
  for (let i = 0; i < copies; i++) send(injector, bytes);
  return { isGone: false };
}

function reject(packet: CapturedPacket, bytes: Buffer, place: FaultPlace): FaultResult | string {
  const injector = requireInjector(place);
  const answer = refusingPacket(bytes);
  if (typeof answer === "string") return answer;
  injector.inject(answer);
  return drop(packet, place);
}

function drop(packet: CapturedPacket, { queue }: FaultPlace): FaultResult {
  queue.setVerdict(packet.id, dropVerdict);
  packet.hasVerdict = true;
  return { isGone: true };
}

function sendInstead(packet: CapturedPacket, bytes: Buffer, place: FaultPlace): void {
  send(requireInjector(place), bytes);
  drop(packet, place);
}

function send(injector: PacketInjector, packet: Uint8Array): void {
  try {
    injector.inject(packet);
  } catch (error) {
    const pieces =
      error instanceof SyscallError && error.code === "EMSGSIZE" ? cutSegment(packet) : undefined;
    if (pieces === undefined) throw error;
    for (const piece of pieces) injector.inject(piece);
  }
}

function refuse(
  packet: CapturedPacket,
  { kind }: PacketFault,
  { queue }: FaultPlace,
  why: string,
): FaultResult {
  if (!packet.hasVerdict) queue.setVerdict(packet.id, acceptVerdict);
  const direction = packet.hook === outputHook ? "outgoing" : "incoming";
  return { refused: `${kind} of an ${direction} packet is not possible (${why}): accepted` };
}

function requireInjector({ injector }: FaultPlace): PacketInjector {
  if (injector === undefined) throw new Error("a switch takes no packets: only drop and reorder are");
  return injector;
}

/** A datagram over IPv4 that was sent without a checksum goes on without. */
function completeChecksum(bytes: Buffer): void {
  const header = readPacketHeader(bytes, 0, bytes.length);
  if (!hasKnownChecksum(bytes, header)) return;
  const isWithout =
    header.version === 4 &&
    header.protocol === protocolNumber.udp &&
    bytes.readUInt16BE(header.transport + 6) === 0;
  if (!isWithout) writeChecksum(bytes, header, "right");
}
