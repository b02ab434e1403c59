import { errorMessage, packetMessage } from "./netlink-message.js";
import type { QueuedPacket } from "./packet-queue.js";

const NFQA_PACKET_HDR = 1;
const NFQA_MARK = 3;
const NFQA_PAYLOAD = 10;
const NFQA_CAP_LEN = 13;
const NFQA_SKB_INFO = 14;
const NFQA_SKB_GSO = 2;

export interface MessageReader {
  onPacket(packet: QueuedPacket): void;
  /** The answer to a request: 0 for an acknowledgement, otherwise a positive errno. */
  onAnswer(errno: number): void;
}

const nothing = new Uint8Array(0);

/** One object for all packets of a queue: what is in it is valid until the next one. */
export function emptyPacket(): QueuedPacket {
  return { id: 0, hook: 0, memory: nothing, start: 0, end: 0, wireLength: 0, mark: 0, isUncut: false };
}

/**
 * Reads the netlink messages in `memory[start, end)` in place. Never throws on what it reads: a message that
 * contradicts itself ends the reading, attributes nobody asked for are passed over.
 */
export function readMessages(
  memory: Uint8Array,
  start: number,
  end: number,
  packet: QueuedPacket,
  reader: MessageReader,
): void {
  let at = start;
  while (at + 16 <= end) {
    const length = uint32(memory, at);
    if (length < 16 || length > end - at) return;
    const type = memory[at + 4]! | (memory[at + 5]! << 8);
    if (type === packetMessage) {
      if (readPacket(memory, at + 20, at + length, packet)) reader.onPacket(packet);
    } else if (type === errorMessage && length >= 20) {
      reader.onAnswer(-(uint32(memory, at + 16) | 0));
    }
    at += (length + 3) & ~3;
  }
}

function readPacket(memory: Uint8Array, start: number, end: number, packet: QueuedPacket): boolean {
  let at = start;
  let hasId = false;
  packet.memory = memory;
  packet.start = end;
  packet.end = end;
  packet.wireLength = 0;
  packet.mark = 0;
  packet.isUncut = false;
  while (at + 4 <= end) {
    const length = memory[at]! | (memory[at + 1]! << 8);
    if (length < 4 || length > end - at) break;
    const type = (memory[at + 2]! | (memory[at + 3]! << 8)) & 0x3fff;
    if (type === NFQA_PAYLOAD) {
      packet.start = at + 4;
      packet.end = at + length;
    } else if (type === NFQA_PACKET_HDR && length >= 11) {
      packet.id = uint32InNetworkOrder(memory, at + 4);
      packet.hook = memory[at + 10]!;
      hasId = true;
    } else if (type === NFQA_CAP_LEN && length >= 8) {
      packet.wireLength = uint32InNetworkOrder(memory, at + 4);
    } else if (type === NFQA_SKB_INFO && length >= 8) {
      packet.isUncut = (memory[at + 7]! & NFQA_SKB_GSO) !== 0;
    } else if (type === NFQA_MARK && length >= 8) {
      packet.mark = uint32InNetworkOrder(memory, at + 4);
    }
    at += (length + 3) & ~3;
  }
  if (packet.wireLength === 0) packet.wireLength = packet.end - packet.start;
  return hasId;
}

function uint32(memory: Uint8Array, at: number): number {
  return (memory[at]! | (memory[at + 1]! << 8) | (memory[at + 2]! << 16) | (memory[at + 3]! << 24)) >>> 0;
}

function uint32InNetworkOrder(memory: Uint8Array, at: number): number {
  return ((memory[at]! << 24) | (memory[at + 1]! << 16) | (memory[at + 2]! << 8) | memory[at + 3]!) >>> 0;
}
