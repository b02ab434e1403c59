import type { Clock } from "./clock.js";

// Node turns a longer wait into 1 ms.
const maxTimerMs = 2 ** 31 - 1;

interface Entry<T> {
  readonly dueMs: number;
  readonly order: number;
  readonly item: T;
}

/**
 * Items that come out at their due time, in the order of due times; equal times keep the order of arrival.
 * One timer for all of them, so 50,000 waiting packets cost a heap, not 50,000 timers.
 *
 * Never early. Node's timers count whole milliseconds and round up, so the last fraction of a millisecond is
 * waited in event-loop turns (`setImmediate`), which keeps other work running.
 */
export class TimedQueue<T> {
  readonly #clock: Clock;
  readonly #onDue: (item: T) => void;
  readonly #heap: Entry<T>[] = [];
  #order = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  #immediate: NodeJS.Immediate | undefined;

  constructor(clock: Clock, onDue: (item: T) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#heap.length;
  }

  push(dueMs: number, item: T): void {
    this.#siftUp({ dueMs, order: this.#order++, item });
    if (dueMs < this.#timerDueMs) this.#arm();
  }

  /** Everything that waits, due or not, in due order; the queue is empty afterwards. */
  drain(): T[] {
    const items: T[] = [];
    while (this.#heap.length > 0) items.push(this.#pop().item);
    this.#disarm();
    return items;
  }

  #arm(): void {
    this.#disarm();
    const first = this.#heap[0];
    if (first === undefined) return;
    this.#timerDueMs = first.dueMs;
    const waitMs = first.dueMs - this.#clock.nowMs();
    if (waitMs > 1.2) this.#timer = setTimeout(this.#fire, Math.min(maxTimerMs, Math.floor(waitMs - 0.2)));
    else this.#immediate = setImmediate(this.#fire);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
  }

  readonly #fire = (): void => {
    this.#timerDueMs = Number.NEGATIVE_INFINITY; // pushes made by #onDue must not re-arm under us
    try {
      while (this.#heap.length > 0 && this.#heap[0]!.dueMs <= this.#clock.nowMs())
        this.#onDue(this.#pop().item);
    } finally {
      this.#arm();
    }
  };

  #siftUp(entry: Entry<T>): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): Entry<T> {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return top;
  }
}

function isBefore<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
