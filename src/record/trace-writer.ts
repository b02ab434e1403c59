import { closeSync, openSync, writeSync } from "node:fs";
import { type Action, type Event, EventKeys } from "../signal/index.js";
import { type Clock, messageOf, NmzError, OccurrenceTable, systemClock } from "../util/index.js";
import type { ActionObserver } from "./action-observer.js";
import { LineBytes } from "./line-bytes.js";
import { TraceLines } from "./trace-line.js";
import { traceVersion } from "./trace-version.js";

export interface TraceWriterOptions {
  readonly file: string;
  /** The run's name and seed, for the first line. */
  readonly run: string;
  readonly seed: string;
  /** Of that seed, where a policy asks for them too. */
  readonly keys?: EventKeys;
  readonly clock?: Clock;
  /** Once, when the trace cannot be written any more; the run goes on. */
  readonly onError?: (error: unknown, while_: string) => void;
}

const flushAfterMs = 100;
/** What is written at a time at high rates. More at once would keep the deciding thread, and fall out of the CPU's caches. */
const flushBytes = 1 << 16;
const lineBytes = 1 << 12;

/**
 * Writes each action as a line of JSON. Lines are gathered for up to 100 ms or 64 KiB, then written in one synchronous
 * call: into the page cache that is quicker than a trip through the thread pool, keeps lines in order, bounds memory, and
 * a killed run has lost at most a tenth of a second. Throws NMZ_TRACE_OPEN.
 */
export class TraceWriter implements ActionObserver {
  readonly file: string;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #onError: ((error: unknown, while_: string) => void) | undefined;
  readonly #occurrences = new OccurrenceTable();
  readonly #keys: EventKeys;
  #fd: number | undefined;
  readonly #pending = new LineBytes(flushBytes + lineBytes);
  readonly #lines = new TraceLines(this.#pending);
  #timer: NodeJS.Timeout | undefined;
  #lostLines = 0;

  constructor(options: TraceWriterOptions) {
    this.file = options.file;
    this.#clock = options.clock ?? systemClock;
    this.#onError = options.onError;
    this.#keys = options.keys ?? new EventKeys(options.seed);
    this.#startMs = this.#clock.nowMs();
    try {
      this.#fd = openSync(options.file, "w");
    } catch (error) {
      throw new NmzError("NMZ_TRACE_OPEN", `cannot create the trace "${options.file}": ${messageOf(error)}`, {
        hint: "choose another folder with --nmz-out",
        cause: error,
      });
    }
    const startedAt = new Date(this.#clock.wallMs()).toISOString();
    const { run, seed } = options;
    this.#pending.text(`${JSON.stringify({ nmzTrace: traceVersion, run, seed, startedAt })}\n`);
    this.#appended();
  }

  /** Actions that were not recorded because writing failed, or because they came after `close`. */
  get lostLines(): number {
    return this.#lostLines;
  }

  /** Counted whether or not it is shaken: which one it was must not depend on who decided. */
  onEvent(event: Event): void {
    event.occurrence = this.#occurrences.next(this.#keys.of(event));
    event.arrivedMs = this.#clock.nowMs();
  }

  onAction(action: Action, delayMs: number): void {
    if (this.#fd === undefined) {
      this.#lostLines += 1;
      return;
    }
    const { event } = action;
    if (event !== undefined && event.occurrence === 0) this.onEvent(event);
    const atMs = this.#clock.nowMs() - this.#startMs;
    const arrivedMs = event === undefined ? atMs : event.arrivedMs - this.#startMs;
    const start = this.#pending.length;
    try {
      this.#lines.write(action, { atMs, arrivedMs, delayMs });
    } catch (error) {
      this.#pending.cut(start); // half a line would make the next one unreadable
      this.#lostLines += 1;
      throw error;
    }
    this.#appended();
  }

  /** Writes what is pending now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#fd === undefined || this.#pending.length === 0) return;
    const bytes = this.#pending.gathered;
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
    } catch (error) {
      this.#giveUp(error, bytes);
    }
    this.#pending.empty();
  }

  /** Writes the rest. Idempotent. */
  close(): void {
    this.flush();
    this.#closeFile();
  }

  #appended(): void {
    if (this.#pending.length >= flushBytes) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushAfterMs).unref();
  }

  #giveUp(error: unknown, unwritten: Uint8Array): void {
    this.#closeFile();
    for (const byte of unwritten) if (byte === 0x0a) this.#lostLines += 1;
    this.#onError?.(error, `the trace "${this.file}" was being written; the rest of the run is not recorded`);
  }

  #closeFile(): void {
    if (this.#fd === undefined) return;
    const fd = this.#fd;
    this.#fd = undefined;
    try {
      closeSync(fd);
    } catch (error) {
      this.#onError?.(error, `the trace "${this.file}" was being closed`); // a network file system tells of a full disk here
    }
  }
}
