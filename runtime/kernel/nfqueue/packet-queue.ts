/** What becomes of a packet; numbers as in linux/netfilter.h. */
export const dropVerdict = 0;
export const acceptVerdict = 1;
export type Verdict = typeof dropVerdict | typeof acceptVerdict;

/** Where in its way through the host a packet was taken; numbers as in linux/netfilter.h (enum nf_inet_hooks). */
export const inputHook = 1;
export const outputHook = 3;

/** One packet that waits for its verdict. Filled anew for each packet: read it during the call, keep the id. */
export interface QueuedPacket {
  /** Unsigned 32 bits, counted by the kernel. */
  id: number;
  hook: number;
  /** The IP packet is `memory[start, end)`, perhaps in shared memory; valid during the call only. */
  memory: Uint8Array;
  start: number;
  end: number;
  /** Where the link layer's header begins in `memory`; missing where packets come without one. */
  frameStart?: number;
  /** Length on the wire; more than `end - start` when the packet was too long to be copied whole. */
  wireLength: number;
  /** What SO_MARK or a rule wrote on it; 0 or missing: nothing. */
  mark?: number;
  /** It is cut into packets only after the queue, if at all (segmentation offload); missing: unknown. */
  isUncut?: boolean;
}

export interface PacketQueueHandler {
  onPacket(packet: QueuedPacket): void;
  /** Something the queue went on after; once per cause. */
  onError(error: Error): void;
}

export interface PacketQueueStatistics {
  /** Packets handed to `onPacket`. */
  readonly received: number;
  /** Packets that the kernel dropped, the queue being full. */
  readonly kernelDropped: number;
  /** Packets whose message found no room in the socket: they went on unseen. */
  readonly undelivered: number;
  /** Verdicts that the kernel had no packet for: it had gone with its interface. */
  readonly verdictsRefused: number;
}

/**
 * An NFQUEUE queue in one network namespace. Packets come through the handler given at opening; each waits in the
 * kernel until its verdict. Verdicts are gathered and sent at the end of the turn, or by `flush`.
 */
export interface PacketQueue {
  readonly queueNumber: number;
  setVerdict(id: number, verdict: Verdict): void;
  /**
   * Lets it go on with other bytes, at once. The kernel then takes its checksum for written: it must be. Missing where
   * the queue cannot. Throws SyscallError, and then the packet still waits.
   */
  replace?(id: number, packet: Uint8Array): void;
  /** Sends what `setVerdict` gathered, now. */
  flush(): void;
  /** Lets everything go that waits in the queue, known here or not. */
  acceptAll(): void;
  statistics(): PacketQueueStatistics;
  /**
   * Lets everything go, gives the number back and ends what served the queue. Remove the rules that lead here
   * first. Idempotent.
   */
  close(): Promise<void>;
}

/** How many ids were given between two packets: their messages found no room, and they went on unseen. */
export function countBetween(lastId: number, id: number): number {
  const count = (id - lastId - 1) | 0;
  return count > 0 ? count : 0;
}

/** Another program (or run) serves this queue number in the same network namespace. */
export class QueueTakenError extends Error {
  readonly queueNumber: number;

  constructor(queueNumber: number) {
    super(`queue ${queueNumber} is served by another program in this network namespace`);
    this.name = "QueueTakenError";
    this.queueNumber = queueNumber;
  }
}
