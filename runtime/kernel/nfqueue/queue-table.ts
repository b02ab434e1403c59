import { readFileSync } from "node:fs";
import { inNetns } from "../netns/index.js";

/** One line of /proc/net/netfilter/nfnetlink_queue; see nfnetlink_queue.c, seq_show. */
export interface QueueTableEntry {
  readonly waiting: number;
  /** Dropped because the queue was full. */
  readonly dropped: number;
  /** Dropped because the message did not reach the program. */
  readonly undelivered: number;
  /** The id that the last packet was given. */
  readonly lastId: number;
}

export function readQueueTable(text: string): Map<number, QueueTableEntry> {
  const entries = new Map<number, QueueTableEntry>();
  for (const line of text.split("\n")) {
    const columns = line.trim().split(/\s+/).map(Number);
    if (columns.length < 8 || columns.some(Number.isNaN)) continue;
    const [queueNumber, , waiting, , , dropped, undelivered, lastId] = columns as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    entries.set(queueNumber, { waiting, dropped, undelivered, lastId });
  }
  return entries;
}

/** The queues of the namespace at `netnsPath`, by number. Throws when the namespace is gone. */
export function queueTableOf(netnsPath: string): Map<number, QueueTableEntry> {
  return inNetns(netnsPath, () =>
    readQueueTable(readFileSync("/proc/thread-self/net/netfilter/nfnetlink_queue", "latin1")),
  );
}
