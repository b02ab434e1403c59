import { type CrashAnswer, crashStep, createCrashRequest } from "./crash-request.js";
import type { FilesystemLoss } from "./filesystem-server.js";
import { invalidateInode } from "./invalidate-inode.js";

export interface MountCrashOptions {
  readonly fuseFd: number;
  /** Wakes the serving thread, which then looks for a request. */
  readonly wake: () => void;
}

/**
 * The main thread's side of a crash: asks the serving thread step by step, and drops what the kernel has cached between the
 * steps. One crash at a time; a second waits for the first.
 */
export class MountCrash {
  readonly request = createCrashRequest();
  readonly #options: MountCrashOptions;
  #asked: { resolve(answer: CrashAnswer): void; reject(error: Error): void } | undefined;
  #crashing: Promise<unknown> = Promise.resolve();
  #isRefused = false;

  constructor(options: MountCrashOptions) {
    this.#options = options;
  }

  /** Throws when the mount is being taken down, or is taken down before the serving thread has answered. */
  crash(): Promise<FilesystemLoss> {
    const crashing = this.#crashing.then(() => this.#crash());
    this.#crashing = crashing.catch(() => {});
    return crashing;
  }

  /** The serving thread has done what it was asked for last. */
  onAnswer(answer: CrashAnswer): void {
    this.#asked?.resolve(answer);
  }

  /** The mount is being taken down: nothing more is asked for, but what was may still be answered. */
  refuse(): void {
    this.#isRefused = true;
  }

  /** Nobody serves any more. */
  end(): void {
    this.#isRefused = true;
    this.#asked?.reject(new Error("the mount was taken down"));
  }

  async #crash(): Promise<FilesystemLoss> {
    const writable = await this.#ask(crashStep.listWritable);
    await this.#dropCache(writable.nodeIds);
    const { nodeIds, lost, failed } = await this.#ask(crashStep.drop);
    await this.#dropCache(nodeIds);
    return { lost, failed };
  }

  async #ask(step: number): Promise<CrashAnswer> {
    if (this.#isRefused) throw new Error("the mount is being taken down");
    const answered = new Promise<CrashAnswer>((resolve, reject) => {
      this.#asked = { resolve, reject };
    });
    Atomics.store(new Int32Array(this.request), 0, step);
    this.#options.wake();
    return await answered;
  }

  /**
   * In threads of their own: the kernel may wait for the serving thread, and for answers of this one. No further when the mount is
   * taken down: its caches go with it, and the descriptor may be another file's by then.
   */
  async #dropCache(nodeIds: readonly number[]): Promise<void> {
    for (const nodeId of nodeIds) {
      if (this.#isRefused) return;
      await invalidateInode(this.#options.fuseFd, nodeId);
    }
  }
}
