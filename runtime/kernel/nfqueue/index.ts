/**
 * NFQUEUE: packets of one network namespace, held by the kernel until a verdict comes. Two ways to the same
 * interface: `NetlinkPacketQueue` speaks nfnetlink_queue itself (a thread waits in poll(2), the deciding one reads the
 * socket until it is empty, and verdicts go out in batches on it), `NfqueuePacketQueue` wraps the npm package.
 *
 * Must not know what is in a packet, who decides on it, or how packets come to the queue (packet-rules).
 * Invariants: preparing may be slow, opening is synchronous and fast, because it races a container's first packet;
 * a queue that closes lets everything go. Revisit when Node can poll a netlink socket on its own loop.
 */

import { PreparedNetlinkQueue } from "./netlink-packet-queue.js";
import { PreparedNfqueueQueue } from "./nfqueue-packet-queue.js";
import type { PacketQueue, PacketQueueHandler } from "./packet-queue.js";

export { NfqueueAbsentError } from "./nfqueue-packet-queue.js";
export { injectedMark, openPacketInjector, type PacketInjector } from "./packet-injector.js";
export * from "./packet-queue.js";
export { type QueueTableEntry, queueTableOf } from "./queue-table.js";

/** Everything that can be made ready before there is a namespace. */
export interface PreparedPacketQueue {
  /** Binds the queue, at once. Throws QueueTakenError (another number may be tried), SyscallError. */
  open(netnsPath: string, queueNumber: number): PacketQueue;
  /** For a queue that was never opened. */
  dispose(): Promise<void>;
}

/** Throws NfqueueAbsentError when `driver` is "nfqueue" and the package is not there. */
export function preparePacketQueue(
  driver: "netlink" | "nfqueue",
  handler: PacketQueueHandler,
): PreparedPacketQueue {
  return driver === "netlink" ? new PreparedNetlinkQueue(handler) : new PreparedNfqueueQueue(handler);
}
