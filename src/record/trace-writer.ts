import { closeSync, openSync, writeSync } from "node:fs";
import type { Action } from "../signal/index.js";
import { type Clock, messageOf, NmzError, systemClock } from "../util/index.js";
import type { ActionObserver } from "./action-observer.js";
import { traceLine } from "./trace-line.js";

export interface TraceWriterOptions {
  readonly file: string;
  /** The run's name and seed, for the first line. */
  readonly run: string;
  readonly seed: string;
  readonly clock?: Clock;
  /** Once, when the trace cannot be written any more; the run goes on. */
  readonly onError?: (error: unknown, while_: string) => void;
}

const flushAfterMs = 100;
const maxPending = 1 << 20;

/**
 * Writes each action as a line of JSON. Lines are gathered for up to 100 ms or 1 MiB, then written in one synchronous
 * call: into the page cache that is quicker than a trip through the thread pool, keeps lines in order, bounds memory, and
 * a killed run has lost at most a tenth of a second. Throws NMZ_TRACE_OPEN.
 */
export class TraceWriter implements ActionObserver {
  readonly file: string;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #onError: ((error: unknown, while_: string) => void) | undefined;
  #fd: number | undefined;
  #pending = "";
  #timer: NodeJS.Timeout | undefined;
  #lostLines = 0;

  constructor(options: TraceWriterOptions) {
    this.file = options.file;
    this.#clock = options.clock ?? systemClock;
    this.#onError = options.onError;
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
    this.#append(`${JSON.stringify({ nmzTrace: 1, run: options.run, seed: options.seed, startedAt })}\n`);
  }

  /** Actions that were not recorded because writing failed, or because they came after `close`. */
  get lostLines(): number {
    return this.#lostLines;
  }

  onAction(action: Action, delayMs: number): void {
    if (this.#fd === undefined) this.#lostLines += 1;
    else this.#append(traceLine(action, this.#clock.nowMs() - this.#startMs, delayMs));
  }

  /** Writes what is pending now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#fd === undefined || this.#pending === "") return;
    const bytes = Buffer.from(this.#pending);
    this.#pending = "";
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
    } catch (error) {
      this.#giveUp(error, bytes);
    }
  }

  /** Writes the rest. Idempotent. */
  close(): void {
    this.flush();
    this.#closeFile();
  }

  #append(line: string): void {
    this.#pending += line;
    if (this.#pending.length >= maxPending) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushAfterMs).unref();
  }

  #giveUp(error: unknown, unwritten: Buffer): void {
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
