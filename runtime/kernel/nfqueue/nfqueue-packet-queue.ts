import { closeSync, openSync, readdirSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { checked, libcFunction } from "../libc.js";
import { inNetns } from "../netns/index.js";
import { configRequest } from "./netlink-message.js";
import { queueSettings, sendRequest, unbindQueue } from "./netlink-socket.js";
import type { PacketQueue, PacketQueueHandler, PacketQueueStatistics, Verdict } from "./packet-queue.js";
import { acceptVerdict, countBetween, inputHook, outputHook, QueueTakenError } from "./packet-queue.js";
import { type QueueTableEntry, queueTableOf } from "./queue-table.js";

const dup2 = libcFunction("int dup2(int from, int to)");

/** What of npm `nfqueue` 0.3 is used here. */
interface NfqueueModule {
  createQueueHandler(
    queueNumber: number,
    bufferBytes: number,
    onPacket: (packet: NfqueuePacket) => void,
  ): unknown;
}

interface NfqueuePacket {
  readonly info: {
    readonly id: number;
    readonly indev: number;
    readonly outdev: number;
    readonly nfmark: number;
  };
  readonly payload: Buffer;
  setVerdict(verdict: number): void;
}

/** The package that the driver is made of is not installed, or was not compiled. */
export class NfqueueAbsentError extends Error {
  constructor(cause: unknown) {
    super('the driver "nfqueue" needs the npm package nfqueue, which cannot be loaded', { cause });
    this.name = "NfqueueAbsentError";
  }
}

// Its receive buffer has 65,535 bytes for a whole message, and a cut message is a packet that never gets a verdict.
const copyRange = 65_000;

/** The npm package, loaded by name when it is asked for: it is optional, and GPL. Throws NfqueueAbsentError. */
export class PreparedNfqueueQueue {
  readonly #module: NfqueueModule;
  readonly #handler: PacketQueueHandler;

  constructor(handler: PacketQueueHandler) {
    this.#handler = handler;
    try {
      this.#module = createRequire(import.meta.url)("nfqueue") as NfqueueModule;
    } catch (error) {
      throw new NfqueueAbsentError(error);
    }
  }

  /** Binds the queue. Throws QueueTakenError, or what the package throws. */
  open(netnsPath: string, queueNumber: number): PacketQueue {
    // The package does not notice that binding failed when its memory was given a queue of someone else.
    if (queueTableOf(netnsPath).has(queueNumber)) throw new QueueTakenError(queueNumber);
    const before = new Set(openSockets());
    const queue = new NfqueuePacketQueue(queueNumber, netnsPath, this.#handler);
    try {
      inNetns(netnsPath, () =>
        this.#module.createQueueHandler(queueNumber, 64 << 20, (packet) => queue.onNfqueuePacket(packet)),
      );
      queue.adopt(openSockets().filter((fd) => !before.has(fd)));
    } catch (error) {
      queue.abandon(openSockets().filter((fd) => !before.has(fd)));
      throw error;
    }
    return queue;
  }

  async dispose(): Promise<void> {}
}

/**
 * npm `nfqueue` behind the same interface. It serves its socket on the main event loop and has no close, no queue
 * length and no counters; its socket is found among this process's descriptors and those are done on it from here.
 * See docs/drivers.md for what remains.
 */
class NfqueuePacketQueue implements PacketQueue {
  readonly queueNumber: number;
  readonly #handler: PacketQueueHandler;
  readonly #waiting = new Map<number, NfqueuePacket>();
  readonly #netns: number;
  #sockets: readonly number[] = [];
  #queueSocket = -1;
  #isClosed = false;
  #received = 0;
  #unseen = 0;
  #lastId = 0;
  #last: QueueTableEntry | undefined;

  constructor(queueNumber: number, netnsPath: string, handler: PacketQueueHandler) {
    this.queueNumber = queueNumber;
    this.#handler = handler;
    this.#netns = openSync(netnsPath, "r");
  }

  /** Takes the sockets that opening left behind: the queue's own comes first, then one for interface names. */
  adopt(sockets: readonly number[]): void {
    this.#sockets = sockets;
    const socket = sockets[0];
    if (socket === undefined) throw new Error("npm nfqueue opened no socket");
    this.#queueSocket = socket;
    const request = configRequest(this.queueNumber, queueSettings(copyRange));
    request.writeUInt16LE(1, 6); // no acknowledgement: the package would read it
    sendRequest(socket, request);
  }

  abandon(sockets: readonly number[]): void {
    this.#isClosed = true;
    closeSync(this.#netns);
    replaceByNothing(sockets);
  }

  onNfqueuePacket(packet: NfqueuePacket): void {
    if (this.#isClosed) return;
    this.#received += 1;
    const { info, payload } = packet;
    const id = info.id >>> 0;
    this.#unseen += countBetween(this.#lastId, id);
    this.#lastId = id;
    this.#waiting.set(id, packet);
    this.#handler.onPacket({
      id,
      // It does not tell the hook; a packet on its way out has no interface that it came in by.
      hook: info.indev === 0 ? outputHook : inputHook,
      memory: payload,
      start: 0,
      end: payload.length,
      wireLength: payload.length,
      mark: info.nfmark >>> 0,
    });
  }

  setVerdict(id: number, verdict: Verdict): void {
    const packet = this.#waiting.get(id);
    if (packet === undefined || this.#isClosed) return;
    this.#waiting.delete(id);
    packet.setVerdict(verdict);
  }

  flush(): void {}

  acceptAll(): void {
    for (const id of [...this.#waiting.keys()]) this.setVerdict(id, acceptVerdict);
  }

  statistics(): PacketQueueStatistics {
    if (!this.#isClosed) this.#last = queueTableOf(`/proc/self/fd/${this.#netns}`).get(this.queueNumber);
    return {
      received: this.#received,
      kernelDropped: this.#last?.dropped ?? 0,
      undelivered: this.#unseen,
      verdictsRefused: 0,
    };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.statistics();
    this.acceptAll();
    await new Promise((resolve) => setImmediate(resolve));
    this.acceptAll();
    this.#isClosed = true;
    try {
      unbindQueue(this.#queueSocket, this.queueNumber);
    } finally {
      replaceByNothing(this.#sockets);
      closeSync(this.#netns);
    }
  }
}

function openSockets(): number[] {
  const sockets: number[] = [];
  for (const name of readdirSync("/proc/self/fd")) {
    try {
      if (readlinkSync(`/proc/self/fd/${name}`).startsWith("socket:")) sockets.push(Number(name));
    } catch {
      // The descriptor that lists the folder is gone by now.
    }
  }
  return sockets.sort((a, b) => a - b);
}

// The package's poll handle would go on to watch a number that something else gets next: the number stays taken.
function replaceByNothing(sockets: readonly number[]): void {
  if (sockets.length === 0) return;
  const nothing = openSync("/dev/null", "r");
  try {
    for (const socket of sockets) checked(dup2(nothing, socket), "dup2", `${socket}`);
  } finally {
    closeSync(nothing);
  }
}
