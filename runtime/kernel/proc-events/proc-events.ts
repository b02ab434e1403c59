import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { libcFunction } from "../libc.js";
import { createSharedRing, SharedRingReader } from "../shared-ring.js";
import { spawnWorker } from "../spawn-worker.js";
import type { BirthHandler, FollowTarget } from "./birth-filter.js";
import { netlinkAddress } from "./connector-message.js";
import {
  controlWordCount,
  controlWords,
  type ProcEventsFollow,
  type ProcEventsReady,
} from "./proc-events-channel.js";

const ringBytes = 1 << 20;
const sendTo = libcFunction(
  "intptr_t sendto(int fd, void *bytes, uintptr_t length, int flags, void *address, unsigned int addressLength)",
);

/** The kernel does not announce births to us: no CONFIG_PROC_EVENTS, no CAP_NET_ADMIN, or another pid namespace. */
export class ProcEventsUnavailableError extends Error {
  constructor(reason: string) {
    super(`process events are not available: ${reason}`);
    this.name = "ProcEventsUnavailableError";
  }
}

export interface ProcEventsOptions {
  readonly onBirth: BirthHandler;
  /** Events were lost: only a listing of threads finds those that were born meanwhile. */
  readonly onLoss: () => void;
  /** The worker has ended by itself: no births are told any more. */
  readonly onFailure: (error: unknown) => void;
}

/** A running subscription. Births are told from the first `follow` on. */
export class ProcEvents {
  readonly #worker: Worker;
  readonly #reader: SharedRingReader;
  readonly #control: Int32Array;
  readonly #socket: { readonly fd: number; readonly port: number };
  readonly #exited: Promise<void>;
  #hasExited = false;
  #stopping: Promise<void> | undefined;

  /** Use `startProcEvents`. */
  constructor(
    worker: Worker,
    reader: SharedRingReader,
    control: Int32Array,
    socket: { readonly fd: number; readonly port: number },
  ) {
    this.#worker = worker;
    this.#reader = reader;
    this.#control = control;
    this.#socket = socket;
    this.#exited = new Promise((resolve) => {
      worker.once("exit", () => {
        this.#hasExited = true;
        resolve();
      });
    });
  }

  /** Events of the whole machine that the worker looked at, and how often the kernel dropped some. */
  get counts(): { readonly seen: number; readonly losses: number } {
    return {
      seen: Atomics.load(this.#control, controlWords.eventsSeen) >>> 0,
      losses: Atomics.load(this.#control, controlWords.losses),
    };
  }

  /**
   * Says what to follow. Every birth after the return of this call is told; list the threads that are there already after it,
   * not before.
   */
  follow(target: FollowTarget): void {
    const follow: ProcEventsFollow = { target };
    this.#worker.postMessage(follow);
    Atomics.add(this.#control, controlWords.targetVersion, 1);
  }

  /** Tells what was born before this call, then ends the worker. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    Atomics.store(this.#control, controlWords.isStopping, 1);
    if (!this.#hasExited) {
      // A datagram from the socket to itself wakes its recv(2), half a second before its timeout would.
      const address = netlinkAddress(this.#socket.port, 0);
      sendTo(this.#socket.fd, new Uint8Array(16), 16, 0, address, address.length);
      await this.#exited;
    }
    this.#reader.stop();
  }
}

/** Starts a worker that listens. Throws ProcEventsUnavailableError. */
export async function startProcEvents(options: ProcEventsOptions): Promise<ProcEvents> {
  const ring = createSharedRing(ringBytes);
  const controlMemory = new SharedArrayBuffer(4 * controlWordCount);
  const control = new Int32Array(controlMemory);
  const worker = spawnWorker(import.meta.url, "./proc-events-worker.js", { ring, control: controlMemory });
  const ready = await readiness(worker);
  if (ready.kind === "failed") throw new ProcEventsUnavailableError(ready.message);
  const reader = new SharedRingReader(ring, {
    onRecord: (record) => {
      const words = new Int32Array(record.buffer, record.byteOffset, 3);
      if (words[0] === 0) options.onLoss();
      else options.onBirth(words[0]!, words[1]!, words[2]!);
    },
  });
  reader.start();
  worker.on("error", options.onFailure);
  return new ProcEvents(worker, reader, control, ready);
}

async function readiness(worker: Worker): Promise<ProcEventsReady> {
  try {
    const [ready] = (await once(worker, "message")) as [ProcEventsReady];
    return ready;
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
