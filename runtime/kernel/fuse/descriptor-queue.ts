import { close } from "./backing-calls.js";

/**
 * Descriptors on their way to the thread that closes them. To close the last descriptor of a removed file is to
 * free its blocks, 50 µs and more on a journalling file system; nobody waits for it, and it must not keep the next
 * request waiting.
 *
 * Shared memory: one writing thread (it serves), one reading thread (it closes).
 */
const written = 0;
const read = 1;
const sleeps = 2;
const isOpen = 3;
const isEnding = 4;
const firstSlot = 16;
const capacity = 4096;
/**
 * After work the closing thread looks in every so often by itself; waking it each time would cost more than
 * closing.
 */
const lingerMs = 1;
const lingerRounds = 20;

export function createDescriptorQueue(): SharedArrayBuffer {
  return new SharedArrayBuffer((firstSlot + capacity) * 4);
}

/** The serving thread's end. */
export class DescriptorQueueWriter {
  readonly #words: Int32Array;
  readonly #onWorthwhile: () => void;
  #closedHere = 0;

  /** `onWorthwhile` is called once, when so many have been closed that a thread for it pays. */
  constructor(buffer: SharedArrayBuffer, onWorthwhile: () => void) {
    this.#words = new Int32Array(buffer);
    this.#onWorthwhile = onWorthwhile;
  }

  /** Closes it soon; at once when there is no closing thread or it is behind. */
  close(fd: number): void {
    const words = this.#words;
    const at = words[written]!;
    if (Atomics.load(words, isOpen) === 0 || ((at - Atomics.load(words, read)) | 0) >= capacity) {
      close(fd);
      this.#closedHere += 1;
      if (this.#closedHere === worthwhileAfter) this.#onWorthwhile();
      return;
    }
    words[firstSlot + (at & (capacity - 1))] = fd;
    Atomics.store(words, written, (at + 1) | 0);
    if (Atomics.exchange(words, sleeps, 0) === 1) Atomics.notify(words, written);
  }

  /**
   * Waits until what is queued is closed, and says whether there was anything: a disk is not full while removed
   * files wait for their blocks to be freed.
   */
  settle(): boolean {
    const words = this.#words;
    if (words[written] === Atomics.load(words, read)) return false;
    for (let i = 0; i < 200 && words[written] !== Atomics.load(words, read); i++) {
      Atomics.notify(words, written);
      Atomics.wait(words, read, Atomics.load(words, read), 1);
    }
    return true;
  }

  /** Has the closing thread close what is queued, and end. */
  end(): void {
    Atomics.store(this.#words, isEnding, 1);
    Atomics.notify(this.#words, written);
  }
}

const worthwhileAfter = 100;

/** Closes until the queue is ended; blocks its thread. */
export function closeDescriptors(buffer: SharedArrayBuffer): void {
  const words = new Int32Array(buffer);
  Atomics.store(words, isOpen, 1);
  let idleRounds = 0;
  for (;;) {
    const ends = Atomics.load(words, isEnding) === 1;
    idleRounds = drain(words) > 0 ? 0 : idleRounds + 1;
    if (ends) return;
    const seen = words[read]!;
    const isLingering = idleRounds < lingerRounds;
    if (!isLingering) Atomics.store(words, sleeps, 1);
    Atomics.wait(words, written, seen, isLingering ? lingerMs : 1000);
  }
}

function drain(words: Int32Array): number {
  let at = words[read]!;
  const before = at;
  while (at !== Atomics.load(words, written)) {
    close(words[firstSlot + (at & (capacity - 1))]!);
    at = (at + 1) | 0;
    Atomics.store(words, read, at);
  }
  return (at - before) | 0;
}
