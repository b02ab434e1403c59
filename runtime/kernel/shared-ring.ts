/**
 * A ring of records in shared memory: one writing thread, one reading thread, no locks, no copies made here. It
 * carries what a thread that blocks in a system call has fetched to the thread that decides.
 *
 * Layout: 64 bytes of control words, then `capacity` bytes (a power of two) of records. A record is a 32-bit
 * length and its bytes, padded to 8; it never wraps: a length of 0xffffffff says "go on at the start".
 */
const controlBytes = 64;
const written = 0; // bytes ever written, mod 2^32
const read = 1; // bytes ever read, mod 2^32
const readerSleeps = 2;
const writerSleeps = 3;
const wrapMark = 0xffffffff;

export function createSharedRing(capacityBytes: number): SharedArrayBuffer {
  if (capacityBytes < 1024 || (capacityBytes & (capacityBytes - 1)) !== 0) {
    throw new RangeError(`a ring's capacity is a power of two of at least 1024, not ${capacityBytes}`);
  }
  return new SharedArrayBuffer(controlBytes + capacityBytes);
}

class RingMemory {
  readonly control: Int32Array;
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
  readonly capacity: number;

  constructor(buffer: SharedArrayBuffer) {
    this.control = new Int32Array(buffer, 0, controlBytes / 4);
    this.bytes = new Uint8Array(buffer, controlBytes);
    this.lengths = new Uint32Array(buffer, controlBytes);
    this.capacity = this.bytes.length;
  }
}

function padded(length: number): number {
  return (4 + length + 7) & ~7;
}

/** The writing end. May block its thread (`Atomics.wait`) while the ring is full: never use it on the main thread. */
export class SharedRingWriter {
  readonly #memory: RingMemory;
  #reservedAt = 0;

  constructor(buffer: SharedArrayBuffer) {
    this.#memory = new RingMemory(buffer);
  }

  /**
   * A place for a record of at most `maxBytes` (at most a quarter of the capacity), valid until `commit`; waits
   * while the ring is too full. Shared memory: a system call can write into it directly.
   */
  reserve(maxBytes: number): Uint8Array {
    const { control, lengths, bytes, capacity } = this.#memory;
    const need = padded(maxBytes);
    if (need > capacity / 4)
      throw new RangeError(`a record of ${maxBytes} bytes does not fit a ring of ${capacity}`);
    let at = control[written]! >>> 0;
    let offset = at & (capacity - 1);
    const skip = offset + need > capacity ? capacity - offset : 0;
    this.#awaitSpace(at, need + skip);
    if (skip > 0) {
      lengths[offset >> 2] = wrapMark;
      at = (at + skip) >>> 0;
      offset = 0;
      Atomics.store(control, written, at | 0);
    }
    this.#reservedAt = at;
    return bytes.subarray(offset + 4, offset + 4 + maxBytes);
  }

  /** Publishes the first `length` bytes of what was reserved, and wakes the reader if it sleeps. */
  commit(length: number): void {
    const { control, lengths, capacity } = this.#memory;
    lengths[(this.#reservedAt & (capacity - 1)) >> 2] = length;
    Atomics.store(control, written, (this.#reservedAt + padded(length)) | 0);
    if (Atomics.load(control, readerSleeps) === 1 && Atomics.exchange(control, readerSleeps, 0) === 1) {
      Atomics.notify(control, written);
    }
  }

  #awaitSpace(at: number, need: number): void {
    const { control, capacity } = this.#memory;
    for (;;) {
      const readAt = Atomics.load(control, read);
      if (capacity - ((at - readAt) >>> 0) >= need) return;
      Atomics.store(control, writerSleeps, 1);
      Atomics.wait(control, read, readAt, 100);
    }
  }
}

/** Called with each record; the bytes are valid during the call only. */
export type RecordHandler = (record: Uint8Array) => void;

export interface SharedRingReaderOptions {
  readonly onRecord: RecordHandler;
  /** Called when a run of records has been handled, before waiting for more: the place to send what was batched. */
  readonly onBatchEnd?: () => void;
  /**
   * How long to look for the next record before going to sleep. Waking a sleeping thread costs 50–100 µs on a
   * virtual machine; looking burns a core, so it is done only while records come closer together than twice this, and
   * not for a while once others turned out to want that core. 0 turns it off.
   */
  readonly spinUs?: number;
}

/** How long records are handled, or looked for, before the event loop has its turn. */
const turnMs = 1;

/**
 * Looking, this thread was off its core for longer than this: there is more to run than cores. Who looks on is then taken for
 * a hog and made to wait, milliseconds at a time, while who sleeps is let in at once. Measured on 2 busy cores: 9,000 held reads a second by
 * looking, 20,000 by sleeping (on 2 quiet ones 84,000 and 24,000).
 */
const evictedMs = 0.1;
const crowdedMs = 500;

/** The reading end: sleeps in `Atomics.waitAsync`, so it lives on the main thread's event loop. */
export class SharedRingReader {
  readonly #memory: RingMemory;
  readonly #onRecord: RecordHandler;
  readonly #onBatchEnd: () => void;
  readonly #spinMs: number;
  #isStopped = false;
  #isHot = false;
  #idleSinceMs = 0;
  #crowdedUntilMs = 0;

  constructor(buffer: SharedArrayBuffer, options: SharedRingReaderOptions) {
    this.#memory = new RingMemory(buffer);
    this.#onRecord = options.onRecord;
    this.#onBatchEnd = options.onBatchEnd ?? (() => {});
    this.#spinMs = (options.spinUs ?? 0) / 1000;
  }

  start(): void {
    this.#run();
  }

  /** Handles what is already there, then no more. */
  stop(): void {
    if (this.#isStopped) return;
    this.#drain(Number.POSITIVE_INFINITY);
    this.#isStopped = true;
  }

  readonly #run = (): void => {
    if (this.#isStopped) return;
    const turnEndMs = performance.now() + turnMs;
    do {
      // Records that come one by one, each while it is looked for, end no turn by their number.
      if (!this.#drain(turnEndMs) || (this.#isHot && this.#idleSinceMs > turnEndMs)) {
        setImmediate(this.#run);
        return;
      }
    } while (this.#isHot && this.#isMoreComing());
    if (this.#isStopped) return;
    // What has been read is compared with what was written, so a record that came in between is not slept over.
    const { control } = this.#memory;
    Atomics.store(control, readerSleeps, 1);
    const wait = Atomics.waitAsync(control, written, control[read]!);
    if (wait.async) wait.value.then(this.#wake);
    else setImmediate(this.#run);
  };

  readonly #wake = (): void => {
    const nowMs = performance.now();
    this.#isHot = nowMs - this.#idleSinceMs < 2 * this.#spinMs && nowMs >= this.#crowdedUntilMs;
    this.#run();
  };

  #isMoreComing(): boolean {
    const { control } = this.#memory;
    const seen = control[read]!;
    const untilMs = this.#idleSinceMs + this.#spinMs;
    let lookedMs = performance.now();
    while (lookedMs < untilMs) {
      for (let i = 0; i < 50; i++) if (Atomics.load(control, written) !== seen) return true;
      const nowMs = performance.now();
      if (nowMs - lookedMs > evictedMs) {
        this.#crowdedUntilMs = nowMs + crowdedMs;
        return false;
      }
      lookedMs = nowMs;
    }
    return false;
  }

  /** True when the ring is empty; false when it was time to end the turn first. */
  #drain(turnEndMs: number): boolean {
    const { control, lengths, bytes, capacity } = this.#memory;
    let at = control[read]! >>> 0;
    let handled = 0;
    while (at !== Atomics.load(control, written) >>> 0) {
      const offset = at & (capacity - 1);
      const length = lengths[offset >> 2]!;
      if (length === wrapMark) {
        at = (at + capacity - offset) >>> 0;
      } else {
        this.#onRecord(bytes.subarray(offset + 4, offset + 4 + length));
        at = (at + padded(length)) >>> 0;
        handled += 1;
      }
      Atomics.store(control, read, at | 0);
      if (Atomics.load(control, writerSleeps) === 1 && Atomics.exchange(control, writerSleeps, 0) === 1) {
        Atomics.notify(control, read);
      }
      if ((handled & 31) === 31 && performance.now() > turnEndMs) {
        this.#onBatchEnd();
        return false;
      }
    }
    if (handled > 0) this.#onBatchEnd();
    this.#idleSinceMs = performance.now();
    return true;
  }
}
