/**
 * Answers on their way from the main thread to the thread that serves, in shared memory: (id, code, argument), one
 * writing and one reading thread. Beside them, what each side must know of the other at once:
 *
 * - `decided`: the last id the main thread was told of; ids count up and wrap at 32 bits. An id up to it that has
 *   no answer here is held on purpose.
 * - `sleeps`: the serving thread waits in poll(2) and must be woken through the eventfd.
 * - `released`: nothing is to be asked or held any more.
 */
const written = 0;
const read = 1;
const decided = 2;
const sleeps = 3;
const released = 4;
const firstAnswer = 16;
/** Id, code, argument (verdict.ts), and one that makes the multiplication a shift. */
const wordsPerAnswer = 4;
const capacity = 4096;

export function createAnswerRing(): SharedArrayBuffer {
  return new SharedArrayBuffer((firstAnswer + wordsPerAnswer * capacity) * 4);
}

/** The main thread's end. */
export class AnswerWriter {
  readonly #words: Int32Array;
  readonly #wake: () => void;
  readonly #waiting: number[] = [];

  /** `wake` writes to the eventfd. */
  constructor(buffer: SharedArrayBuffer, wake: () => void) {
    this.#words = new Int32Array(buffer);
    this.#wake = wake;
  }

  push(id: number, code: number, argument = 0): void {
    if (this.#waiting.length > 0 || !this.#put(id, code, argument)) {
      this.#waiting.push(id, code, argument);
      if (this.#waiting.length === 3) setImmediate(this.#flush);
    }
    this.#wakeIfAsleep();
  }

  /** Says that the record with this id has been dealt with: answered already, or held. */
  decide(id: number): void {
    Atomics.store(this.#words, decided, id);
  }

  /** Lets everything go, now and from now on. */
  release(): void {
    Atomics.store(this.#words, released, 1);
    this.#wake();
  }

  #put(id: number, code: number, argument: number): boolean {
    const words = this.#words;
    const at = words[written]!;
    if (((at - Atomics.load(words, read)) | 0) >= capacity) return false;
    const answer = firstAnswer + wordsPerAnswer * (at & (capacity - 1));
    words[answer] = id;
    words[answer + 1] = code;
    words[answer + 2] = argument;
    Atomics.store(words, written, (at + 1) | 0);
    return true;
  }

  readonly #flush = (): void => {
    let taken = 0;
    const waiting = this.#waiting;
    while (taken < waiting.length && this.#put(waiting[taken]!, waiting[taken + 1]!, waiting[taken + 2]!))
      taken += 3;
    this.#waiting.splice(0, taken);
    if (taken > 0) this.#wakeIfAsleep();
    if (this.#waiting.length > 0) setTimeout(this.#flush, 1);
  };

  #wakeIfAsleep(): void {
    if (Atomics.exchange(this.#words, sleeps, 0) === 1) this.#wake();
  }
}

/** The serving thread's end. */
export class AnswerReader {
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
  }

  get isReleased(): boolean {
    return Atomics.load(this.#words, released) === 1;
  }

  get hasAnswers(): boolean {
    return Atomics.load(this.#words, written) !== this.#words[read];
  }

  isDecided(id: number): boolean {
    return ((Atomics.load(this.#words, decided) - id) | 0) >= 0;
  }

  /** Calls back with each answer there is. */
  drain(onAnswer: (id: number, code: number, argument: number) => void): void {
    const words = this.#words;
    let at = words[read]!;
    while (at !== Atomics.load(words, written)) {
      const answer = firstAnswer + wordsPerAnswer * (at & (capacity - 1));
      const id = words[answer]!;
      const code = words[answer + 1]!;
      const argument = words[answer + 2]!;
      at = (at + 1) | 0;
      Atomics.store(words, read, at);
      onAnswer(id, code, argument);
    }
  }

  /** Announces that this thread is about to wait in poll(2); false when there is something to do instead. */
  fallAsleep(): boolean {
    Atomics.store(this.#words, sleeps, 1);
    if (!this.hasAnswers) return true;
    this.wakeUp();
    return false;
  }

  wakeUp(): void {
    Atomics.store(this.#words, sleeps, 0);
  }
}
