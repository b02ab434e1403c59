import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import { SyscallError } from "../libc.js";
import { spawnWorker } from "../spawn-worker.js";
import { replacingVerdict } from "./netlink-message.js";
import { openQueueSocket, sendRequest, unbindQueue } from "./netlink-socket.js";
import { emptyPacket, type MessageReader, readMessages } from "./packet-message.js";
import type {
  PacketQueue,
  PacketQueueHandler,
  PacketQueueStatistics,
  QueuedPacket,
  Verdict,
} from "./packet-queue.js";
import { acceptVerdict, countBetween } from "./packet-queue.js";
import { QueueReader } from "./queue-reader.js";
import { queueTableOf } from "./queue-table.js";
import { control, controlBytes, type QueueWorkerData } from "./queue-worker-data.js";
import { VerdictBatch } from "./verdict-batch.js";

interface Waiter {
  readonly worker: Worker;
  readonly words: Int32Array;
}

type SpawnWaiter = (data: QueueWorkerData) => Worker;

const spawnWaiter: SpawnWaiter = (data) => spawnWorker(import.meta.url, "queue-worker.js", data);

/** A thread that waits for a queue to serve. */
export class PreparedNetlinkQueue {
  readonly #handler: PacketQueueHandler;
  readonly #spawn: SpawnWaiter;
  #hasDied = false;
  #waiter: Waiter;
  #queue: PacketQueue | undefined;

  constructor(handler: PacketQueueHandler, spawn: SpawnWaiter = spawnWaiter) {
    this.#handler = handler;
    this.#spawn = spawn;
    this.#waiter = this.#start();
  }

  #start(): Waiter {
    const controlBuffer = new SharedArrayBuffer(controlBytes);
    const words = new Int32Array(controlBuffer);
    words[control.socket] = -1;
    const worker = this.#spawn({ controlBuffer });
    this.#hasDied = false;
    const handler = this.#handler;
    worker.on("error", (error) => {
      this.#hasDied = true;
      handler.onError(error as Error);
      // Nobody waits for packets any more: without the queue the rules let traffic pass.
      this.#queue?.close().catch((reason) => handler.onError(reason as Error));
    });
    return { worker, words };
  }

  /** Binds the queue. Throws QueueTakenError (another number may be tried), SyscallError. */
  open(netnsPath: string, queueNumber: number): PacketQueue {
    const socket = openQueueSocket(netnsPath, queueNumber);
    const netns = openSync(netnsPath, "r");
    // It may have died while it waited to be given a queue.
    if (this.#hasDied) this.#waiter = this.#start();
    const parts = { queueNumber, socket, netns, ...this.#waiter };
    this.#queue = new NetlinkPacketQueue(parts, this.#handler);
    return this.#queue;
  }

  /** Ends the thread of a queue that was never opened. */
  async dispose(): Promise<void> {
    await endWorker(this.#waiter.worker, this.#waiter.words);
  }
}

interface QueueParts {
  readonly queueNumber: number;
  readonly socket: number;
  /** Keeps the namespace reachable when its last process has gone. */
  readonly netns: number;
  readonly worker: Worker;
  readonly words: Int32Array;
}

/** nfnetlink_queue spoken from here, on one socket: a thread waits for it, this one receives, decides and sends verdicts. */
class NetlinkPacketQueue implements PacketQueue, MessageReader {
  readonly queueNumber: number;
  readonly #parts: QueueParts;
  readonly #handler: PacketQueueHandler;
  readonly #reader: QueueReader;
  readonly #batch: VerdictBatch;
  readonly #packet = emptyPacket();
  readonly #reported = new Set<string>();
  #isReading = false;
  #isFlushScheduled = false;
  #isClosing = false;
  #closing: Promise<void> | undefined;
  #received = 0;
  #unseen = 0;
  #decided = 0;
  #lastId = 0;
  #refused = 0;
  #lastStatistics: PacketQueueStatistics | undefined;

  constructor(parts: QueueParts, handler: PacketQueueHandler) {
    this.queueNumber = parts.queueNumber;
    this.#parts = parts;
    this.#handler = handler;
    this.#batch = new VerdictBatch(parts.queueNumber, (messages, length) => this.#send(messages, length));
    this.#reader = new QueueReader({
      socket: parts.socket,
      words: parts.words,
      onMessages: (memory, length) => this.#onMessages(memory, length),
      onBatchEnd: () => this.flush(),
      onEnd: (error) => this.#onEnd(error),
    });
    Atomics.store(parts.words, control.socket, parts.socket);
    Atomics.notify(parts.words, control.socket);
    // Not in this turn: who opens the queue is not ready to be told of packets yet.
    setImmediate(() => this.#reader.start());
  }

  setVerdict(id: number, verdict: Verdict): void {
    if (this.#isClosing) return; // accepted with all the others, and the descriptor may be someone else's by now
    this.#batch.add(id, verdict);
    this.#decided += 1;
    if (this.#batch.isFull) this.flush();
    else if (!this.#isReading && !this.#isFlushScheduled) {
      this.#isFlushScheduled = true;
      queueMicrotask(this.#flushLater);
    }
  }

  replace(id: number, packet: Uint8Array): void {
    if (this.#isClosing) return;
    this.flush();
    sendRequest(this.#parts.socket, replacingVerdict(this.queueNumber, id, acceptVerdict, packet));
    this.#decided += 1;
  }

  flush(): void {
    this.#batch.flush(this.#received === this.#decided ? this.#lastId : undefined);
  }

  acceptAll(): void {
    this.flush();
    this.#decided = this.#received;
    this.#batch.acceptUpTo((this.#lastId + 0x3fffffff) >>> 0, 0);
  }

  statistics(): PacketQueueStatistics {
    if (!this.#isClosing) this.#lastStatistics = this.#readStatistics();
    return this.#lastStatistics!;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  onPacket(packet: QueuedPacket): void {
    this.#received += 1;
    this.#unseen += countBetween(this.#lastId, packet.id);
    this.#lastId = packet.id;
    if (!this.#isClosing) this.#handler.onPacket(packet);
  }

  // Requests are not acknowledged while the queue runs: what comes here is a verdict for a packet that is gone.
  onAnswer(errno: number): void {
    if (errno !== 0) this.#refused += 1;
  }

  #onMessages(memory: Uint8Array, length: number): void {
    this.#isReading = true;
    try {
      readMessages(memory, 0, length, this.#packet, this);
    } finally {
      this.#isReading = false;
    }
  }

  /** Nobody receives any more: without the queue the rules let traffic pass. */
  #onEnd(error: Error): void {
    if (this.#isClosing) return;
    this.#handler.onError(error);
    this.close().catch((reason) => this.#handler.onError(reason as Error));
  }

  readonly #flushLater = (): void => {
    this.#isFlushScheduled = false;
    if (!this.#isClosing) this.flush();
  };

  #send(messages: Uint8Array, length: number): void {
    try {
      sendRequest(this.#parts.socket, messages, length);
    } catch (error) {
      this.#report(error as Error);
    }
  }

  #report(error: Error): void {
    const cause = error instanceof SyscallError ? error.code : error.message;
    if (this.#reported.has(cause)) return;
    this.#reported.add(cause);
    this.#handler.onError(error);
  }

  #readStatistics(): PacketQueueStatistics {
    const entry = queueTableOf(`/proc/self/fd/${this.#parts.netns}`).get(this.queueNumber);
    return {
      received: this.#received,
      kernelDropped: entry?.dropped ?? 0,
      undelivered: this.#unseen,
      verdictsRefused: this.#refused,
    };
  }

  async #close(): Promise<void> {
    this.#lastStatistics = this.#readStatistics();
    this.#isClosing = true;
    const { socket, netns, worker, words } = this.#parts;
    try {
      this.acceptAll();
      await new Promise((resolve) => setImmediate(resolve)); // a packet that was past the rules already
      this.acceptAll();
      Atomics.store(words, control.stop, 1);
      this.#reader.stop();
      unbindQueue(socket, this.queueNumber); // its acknowledgement wakes the thread
      await endWorker(worker, words);
    } finally {
      this.#reader.stop();
      closeSync(socket);
      closeSync(netns);
    }
  }
}

async function endWorker(worker: Worker, words: Int32Array): Promise<void> {
  Atomics.store(words, control.stop, 1);
  Atomics.compareExchange(words, control.socket, -1, -2);
  Atomics.notify(words, control.socket);
  Atomics.notify(words, control.turn);
  if (worker.threadId !== -1) await once(worker, "exit");
}
