/**
 * Messages of nfnetlink_queue, built and read in place. Formats: linux/netlink.h, linux/netfilter/nfnetlink.h,
 * linux/netfilter/nfnetlink_queue.h. Headers are in host order, which is little-endian wherever this runs; what
 * is inside the attributes is in network order.
 */
const NFNL_SUBSYS_QUEUE = 3;
export const packetMessage = (NFNL_SUBSYS_QUEUE << 8) | 0; // NFQNL_MSG_PACKET
const verdictMessage = (NFNL_SUBSYS_QUEUE << 8) | 1; // NFQNL_MSG_VERDICT
const configMessage = (NFNL_SUBSYS_QUEUE << 8) | 2; // NFQNL_MSG_CONFIG
const verdictBatchMessage = (NFNL_SUBSYS_QUEUE << 8) | 3; // NFQNL_MSG_VERDICT_BATCH
export const errorMessage = 2; // NLMSG_ERROR, also an acknowledgement (errno 0)

const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const NFQA_VERDICT_HDR = 2;
const NFQA_PAYLOAD = 10;

/** Bytes of one verdict message: nlmsghdr 16, nfgenmsg 4, attribute header 4, nfqnl_msg_verdict_hdr 8. */
export const verdictBytes = 32;

/** Writes one verdict at `offset`; with `upTo`, one for every packet whose id is not after `id`. */
export function writeVerdict(
  target: Buffer,
  offset: number,
  queueNumber: number,
  id: number,
  verdict: number,
  upTo = false,
): void {
  writeHeader(
    target,
    offset,
    verdictBytes,
    upTo ? verdictBatchMessage : verdictMessage,
    NLM_F_REQUEST,
    queueNumber,
  );
  target.writeUInt16LE(12, offset + 20);
  target.writeUInt16LE(NFQA_VERDICT_HDR, offset + 22);
  target.writeUInt32BE(verdict, offset + 24);
  target.writeUInt32BE(id >>> 0, offset + 28);
}

/** A verdict that lets a packet go on with the bytes of `packet`, at most 65,531. */
export function replacingVerdict(
  queueNumber: number,
  id: number,
  verdict: number,
  packet: Uint8Array,
): Buffer {
  const request = Buffer.alloc(verdictBytes + ((4 + packet.length + 3) & ~3));
  writeVerdict(request, 0, queueNumber, id, verdict);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(4 + packet.length, verdictBytes);
  request.writeUInt16LE(NFQA_PAYLOAD, verdictBytes + 2);
  request.set(packet, verdictBytes + 4);
  return request;
}

/** enum nfqnl_attr_config */
export const configAttribute = { command: 1, params: 2, maxLength: 3, mask: 4, flags: 5 } as const;
/** enum nfqnl_msg_config_cmds */
export const bindCommand = 1;
export const unbindCommand = 2;
/** NFQA_CFG_FLAGS: when the queue is full packets go on instead of being dropped; large segments come whole. */
export const failOpenFlag = 1;
export const wholeSegmentsFlag = 4;

/** A configuration request that the kernel acknowledges. */
export function configRequest(
  queueNumber: number,
  attributes: readonly (readonly [number, Buffer])[],
): Buffer {
  const parts: Buffer[] = [Buffer.alloc(20)];
  for (const [type, value] of attributes) {
    const attribute = Buffer.alloc((4 + value.length + 3) & ~3);
    attribute.writeUInt16LE(4 + value.length, 0);
    attribute.writeUInt16LE(type, 2);
    value.copy(attribute, 4);
    parts.push(attribute);
  }
  const request = Buffer.concat(parts);
  writeHeader(request, 0, request.length, configMessage, NLM_F_REQUEST | NLM_F_ACK, queueNumber);
  return request;
}

/** struct nfqnl_msg_config_cmd: command, padding, protocol family (of no meaning since Linux 3.8). */
export function commandValue(command: number): Buffer {
  return Buffer.from([command, 0, 0, 0]);
}

/** struct nfqnl_msg_config_params: whole packets (NFQNL_COPY_PACKET), at most `copyRange` bytes of each. */
export function paramsValue(copyRange: number): Buffer {
  const value = Buffer.alloc(5);
  value.writeUInt32BE(copyRange, 0);
  value[4] = 2;
  return value;
}

export function numberValue(number: number): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(number, 0);
  return value;
}

function writeHeader(
  target: Buffer,
  offset: number,
  length: number,
  type: number,
  flags: number,
  queueNumber: number,
): void {
  target.writeUInt32LE(length, offset);
  target.writeUInt16LE(type, offset + 4);
  target.writeUInt16LE(flags, offset + 6);
  target.writeUInt32LE(0, offset + 8); // sequence number: answers are told apart by their kind
  target.writeUInt32LE(0, offset + 12);
  target[offset + 16] = 0; // AF_UNSPEC
  target[offset + 17] = 0; // NFNETLINK_V0
  target.writeUInt16BE(queueNumber, offset + 18);
}
