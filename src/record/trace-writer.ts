import { closeSync, openSync, writeSync } from "node:fs";
import type { Action, Event } from "../signal/index.js";
import {
  type Clock,
  type Hash64,
  hashText,
  messageOf,
  NmzError,
  OccurrenceTable,
  systemClock,
} from "../util/index.js";
import type { ActionObserver } from "./action-observer.js";
import { traceLine } from "./trace-line.js";
import { traceVersion } from "./trace-version.js";

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
const maxRememberedEntities = 1024;

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
  readonly #occurrences = new OccurrenceTable();
  readonly #entityKeys = new Map<string, Hash64>();
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
    this.#append(
      `${JSON.stringify({ nmzTrace: traceVersion, run: options.run, seed: options.seed, startedAt })}\n`,
    );
  }

  /** Actions that were not recorded because writing failed, or because they came after `close`. */
  get lostLines(): number {
    return this.#lostLines;
  }

  /** Counted whether or not it is shaken: which one it was must not depend on who decided. */
  onEvent(event: Event): void {
    event.occurrence = this.#occurrences.next(hashText(event.replayHint, this.#entityKey(event.entity)));
    event.arrivedMs = this.#clock.nowMs();
  }

  onAction(action: Action, delayMs: number): void {
    if (this.#fd === undefined) {
      this.#lostLines += 1;
      return;
    }
    const { event } = action;
    if (event !== undefined && event.occurrence === 0) this.onEvent(event);
    const nowMs = this.#clock.nowMs() - this.#startMs;
    const arrivedMs = event === undefined ? nowMs : event.arrivedMs - this.#startMs;
    this.#append(traceLine(action, nowMs, delayMs, arrivedMs));
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

  #entityKey(entity: string): Hash64 {
    const known = this.#entityKeys.get(entity);
    if (known !== undefined) return known;
    // Entities are inspectors, so few; a wire may bring names that somebody made up.
    if (this.#entityKeys.size >= maxRememberedEntities) this.#entityKeys.clear();
    const key = hashText(entity);
    this.#entityKeys.set(entity, key);
    return key;
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
