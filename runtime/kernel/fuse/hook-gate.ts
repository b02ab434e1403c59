import type { SharedRingWriter } from "../shared-ring.js";
import type { AnswerReader } from "./answer-ring.js";

/** What `ask` says of an operation that must wait for its answer. */
export const isHeld = -1;

/** How long to look for an answer before going on with other requests. Most policies answer at once. */
const patienceMs = 0.15;

/** Most operations that are held without a look after one for whose answer was looked in vain. */
const maxImpatience = 63;

/** Bytes of a record before its path: id, hook. */
export const recordHeaderBytes = 8;
const maxPathBytes = 8192;

/**
 * Where hooked operations ask the main thread. An answer usually comes within microseconds, because the main thread
 * looks out for records while traffic is hot: so look for it a moment, which saves two wake-ups of a
 * sleeping thread (50–100 µs each on a virtual machine), and only then hold the operation.
 */
export class HookGate {
  readonly #ring: SharedRingWriter;
  readonly #answers: AnswerReader;
  readonly #onLateAnswer: (id: number, code: number, argument: number) => void;
  readonly #mask: number;
  #lastId = 0;
  #awaitedId = 0;
  #answer = isHeld;
  #argument = 0;
  #impatience = 0;
  #hasty = 0;

  /** `onLateAnswer` gets the answers to operations that are held. */
  constructor(
    ring: SharedRingWriter,
    answers: AnswerReader,
    mask: number,
    onLateAnswer: (id: number, code: number, argument: number) => void,
  ) {
    this.#ring = ring;
    this.#answers = answers;
    this.#mask = mask;
    this.#onLateAnswer = onLateAnswer;
  }

  /** The id of the last operation asked about. */
  get lastId(): number {
    return this.#lastId;
  }

  isHooked(hook: number): boolean {
    return ((this.#mask >> hook) & 1) === 1 && !this.#answers.isReleased;
  }

  /** The second word of the last verdict that `ask` gave. */
  get lastArgument(): number {
    return this.#argument;
  }

  /** The first word of the verdict (verdict.ts), or `isHeld`. */
  ask(hook: number, path: string): number {
    this.#lastId = (this.#lastId + 1) | 0 || 1;
    this.#send(this.#lastId, hook, path);
    this.#awaitedId = this.#lastId;
    this.#answer = isHeld;
    const until = performance.now() + this.#patienceMs();
    do {
      for (let i = 0; i < 20; i++) {
        const isDecided = this.#answers.isDecided(this.#awaitedId);
        if (this.#answers.hasAnswers) this.takeAnswers();
        if (isDecided || this.#answer !== isHeld) {
          this.#impatience = 0;
          return this.#answer;
        }
      }
      if (this.#answers.isReleased) return 0;
    } while (performance.now() < until);
    if (this.#hasty === 0) {
      this.#impatience = Math.min(maxImpatience, 2 * this.#impatience + 1);
      this.#hasty = this.#impatience;
    }
    return isHeld;
  }

  /** Waiting in vain takes a core from whoever is to answer: after each time, more operations are held at once. */
  #patienceMs(): number {
    if (this.#hasty === 0) return patienceMs;
    this.#hasty -= 1;
    return 0;
  }

  takeAnswers(): void {
    this.#answers.drain(this.#take);
  }

  readonly #take = (id: number, code: number, argument: number): void => {
    if (id !== this.#awaitedId) this.#onLateAnswer(id, code, argument);
    else if (this.#answer === isHeld) {
      this.#answer = code;
      this.#argument = argument;
    }
  };

  /** From now on an answer to the last operation is a late one. */
  hold(): void {
    this.#awaitedId = 0;
  }

  #send(id: number, hook: number, path: string): void {
    const bytes = Buffer.from(path.length > maxPathBytes ? path.slice(0, maxPathBytes) : path, "utf8");
    const record = this.#ring.reserve(recordHeaderBytes + bytes.length);
    const view = new DataView(record.buffer, record.byteOffset, recordHeaderBytes);
    view.setInt32(0, id, true);
    view.setInt32(4, hook, true);
    record.set(bytes, recordHeaderBytes);
    this.#ring.commit(recordHeaderBytes + bytes.length);
  }
}
