import type { Worker } from "node:worker_threads";
import { libcFunction } from "../libc.js";
import { NativeMemory } from "../native-memory.js";
import { createSharedRing, SharedRingReader } from "../shared-ring.js";
import { spawnWorker } from "../spawn-worker.js";
import { AnswerWriter, createAnswerRing } from "./answer-ring.js";
import type { CrashAnswer } from "./crash-request.js";
import { createDescriptorQueue, DescriptorQueueWriter } from "./descriptor-queue.js";
import type {
  FilesystemLoss,
  FilesystemServer,
  FilesystemServerOptions,
  FilesystemVerdict,
} from "./filesystem-server.js";
import { FuseMount, nodeDescriptorBudget } from "./fuse-mount.js";
import { recordHeaderBytes } from "./hook-gate.js";
import { hookMask, hookPoints } from "./hook-points.js";
import { MountCrash } from "./mount-crash.js";
import { cutLoose, servedMounts } from "./served-mounts.js";
import type { SessionData } from "./session.js";
import { argumentOf, codeOf } from "./verdict.js";

const write = libcFunction("intptr_t write(int fd, uintptr_t buffer, uintptr_t count)");

const ringBytes = 1 << 18;
/**
 * How long the main thread looks out for the next operation after one: a caller's next call usually comes within
 * this time.
 */
const spinUs = 300;
const busyRetries = 10;
const busyRetryMs = 30;
/** For the kernel to take the last of an unmounted file system down, before its connection is cut. */
const patienceMs = 300;

/**
 * Mounts a mirror of `source` and serves it from a thread of its own. Throws SyscallError when the mount is
 * refused, and the Error of a source or mount point that is not there.
 */
export async function startKernelFilesystemServer(
  options: FilesystemServerOptions,
): Promise<FilesystemServer> {
  const mount = new FuseMount(options.source, options.mountPoint, options.isReadOnly);
  const server = new KernelFilesystemServer(mount, options);
  try {
    await server.started;
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

interface WorkerMessage {
  readonly isServing?: true;
  readonly needsCloser?: true;
  readonly crashed?: CrashAnswer;
  /** Why something that was not synced counts as synced. */
  readonly forgotten?: string;
  readonly refused?: { readonly kind: string; readonly reason: string };
  readonly error?: unknown;
}

class KernelFilesystemServer implements FilesystemServer {
  readonly driver = "kernel";
  readonly started: Promise<void>;
  readonly #mount: FuseMount;
  readonly #options: FilesystemServerOptions;
  readonly #worker: Worker;
  readonly #answers: AnswerWriter;
  readonly #reader: SharedRingReader;
  readonly #ended: Promise<void>;
  readonly #closing = createDescriptorQueue();
  #closerEnded: Promise<void> = Promise.resolve();
  readonly #wakeUp = new NativeMemory(128);
  readonly #crash: MountCrash | undefined;
  #isStopping = false;
  #stopped: Promise<{ wasBusy: boolean }> | undefined;

  constructor(mount: FuseMount, options: FilesystemServerOptions) {
    this.#mount = mount;
    this.#options = options;
    servedMounts.add(mount);
    const requests = createSharedRing(ringBytes);
    const answers = createAnswerRing();
    this.#wakeUp.setU64(0, 1);
    this.#answers = new AnswerWriter(answers, this.#wake);
    this.#reader = new SharedRingReader(requests, { onRecord: this.#onRecord, spinUs });
    if (options.canCrash === true) {
      this.#crash = new MountCrash({ fuseFd: mount.fuseFd, wake: this.#wake });
    }
    const data: SessionData = {
      fuseFd: mount.fuseFd,
      rootFd: mount.rootFd,
      eventFd: mount.eventFd,
      closing: this.#closing,
      requests,
      answers,
      hookMask: hookMask(options.hooks),
      maxNodeDescriptors: nodeDescriptorBudget(),
      allowsPassthrough:
        options.canCrash !== true &&
        !options.hooks.includes("post-read") &&
        !options.hooks.includes("pre-write"),
      wantsDirectReads: options.readsDirectly ?? false,
      needsFlush: mount.needsFlush,
      crashRequest: this.#crash?.request,
    };
    this.#worker = spawnWorker(import.meta.url, "kernel-filesystem-worker.js", data);
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.started = this.#listen();
    if (options.hooks.length > 0) this.#reader.start();
  }

  answer(id: number, verdict: FilesystemVerdict): void {
    if (!this.#isStopping) this.#answers.push(id, codeOf(verdict), argumentOf(verdict));
  }

  stop(): Promise<{ readonly wasBusy: boolean }> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async crash(): Promise<FilesystemLoss> {
    if (this.#crash === undefined) throw new Error("the mount was not made to crash");
    return await this.#crash.crash();
  }

  readonly #wake = (): void => {
    write(this.#mount.eventFd, this.#wakeUp.address, 8);
  };

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.on("message", (message: WorkerMessage) => {
        if (message.isServing) resolve();
        else if (message.crashed) this.#crash?.onAnswer(message.crashed);
        else if (message.forgotten)
          this.#options.onError(new Error(`a crash would lose less than it should: ${message.forgotten}`));
        else if (message.needsCloser) this.#startCloser();
        else if (message.refused) this.#options.onRefusal?.(message.refused.kind, message.refused.reason);
        else this.#options.onError(message.error);
      });
      this.#worker.once("error", (error) => {
        reject(error);
        this.#onThreadLost(error);
      });
      this.#worker.once("exit", () => {
        reject(new Error("the thread that serves a mount ended early"));
        this.#crash?.end();
      });
    });
  }

  /** Not before it is worth its while: a thread costs more than the few descriptors that most runs close. */
  #startCloser(): void {
    if (this.#isStopping) return;
    const closer = spawnWorker(import.meta.url, "close-worker.js", { queue: this.#closing });
    closer.on("error", this.#options.onError);
    this.#closerEnded = new Promise((resolve) => closer.once("exit", () => resolve()));
  }

  /** Without its thread the mount would hang every caller for ever: let them fail instead. */
  #onThreadLost(error: unknown): void {
    if (this.#isStopping) return;
    this.#options.onError(error);
    cutLoose(this.#mount);
  }

  readonly #onRecord = (record: Uint8Array): void => {
    const view = new DataView(record.buffer, record.byteOffset, recordHeaderBytes);
    const id = view.getInt32(0, true);
    if (this.#isStopping) return;
    const path = Buffer.from(
      record.buffer,
      record.byteOffset + recordHeaderBytes,
      record.length - recordHeaderBytes,
    ).toString("utf8");
    try {
      this.#options.onOperation({ id, hook: hookPoints[view.getInt32(4, true)]!, path });
    } catch (error) {
      this.#options.onError(error);
      this.#answers.push(id, 0);
    }
    this.#answers.decide(id);
  };

  async #stop(): Promise<{ wasBusy: boolean }> {
    // First nothing may wait for this thread any more: an unmount waits for what is being written.
    this.#isStopping = true;
    this.#crash?.refuse();
    this.#answers.release();
    this.#reader.stop();
    const wasBusy = await this.#unmount();
    // Copies in other mount namespaces (a container that is being taken down, an `ip netns exec`) keep it alive.
    if (!(await this.#endsWithin(wasBusy ? 0 : patienceMs))) {
      this.#abort();
      await this.#ended;
    }
    new DescriptorQueueWriter(this.#closing, () => {}).end();
    await this.#closerEnded;
    servedMounts.delete(this.#mount);
    this.#mount.close();
    return { wasBusy };
  }

  async #unmount(): Promise<boolean> {
    for (let tries = 0; this.#mount.unmount() === "busy"; tries++) {
      if (tries < busyRetries) {
        await new Promise((resolve) => setTimeout(resolve, busyRetryMs));
        continue;
      }
      this.#mount.unmount("detach");
      return true;
    }
    return false;
  }

  #abort(): void {
    try {
      this.#mount.abort();
    } catch {
      // The connection ended by itself meanwhile.
    }
  }

  async #endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    const isEnded = await Promise.race([this.#ended.then(() => true), late]);
    clearTimeout(timer);
    return isEnded;
  }
}
