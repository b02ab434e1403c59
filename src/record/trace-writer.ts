import { type Action, type Event, EventKeys } from "../signal/index.js";
import { type Clock, messageOf, NmzError, OccurrenceTable, systemClock } from "../util/index.js";
import type { ActionObserver } from "./action-observer.js";
import { LineBytes } from "./line-bytes.js";
import { TraceFile } from "./trace-file.js";
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
/** What is handed over at a time at high rates. Less at once wakes the pool more often, more would fall out of the CPU's caches. */
const pieceBytes = 1 << 18;
/** Lines of packets come up to 256 at a time behind what is there. A buffer that must grow is of no use a second time. */
const settledBytes = 1 << 18;
const newline = 0x0a;

/**
 * Writes each action as a line of JSON. Lines are gathered for up to 100 ms, then written in one synchronous call: into the
 * page cache that is quicker than a trip through the thread pool, and a killed run has lost at most a tenth of a second. Where
 * 256 KiB come together sooner the pool writes them meanwhile, in order, while this thread decides on the next events; when it
 * does not keep up, this thread writes. So memory is bounded and nothing is lost. Throws NMZ_TRACE_OPEN.
 */
export class TraceWriter implements ActionObserver {
  readonly file: string;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #onError: ((error: unknown, while_: string) => void) | undefined;
  readonly #occurrences = new OccurrenceTable();
  readonly #keys: EventKeys;
  readonly #pending = new LineBytes(pieceBytes + settledBytes);
  readonly #lines = new TraceLines(this.#pending);
  /** Memory that the file has given back. */
  readonly #spare: Uint8Array[] = [];
  readonly #file: TraceFile;
  #isOpen = true;
  #timer: NodeJS.Timeout | undefined;
  #lostLines = 0;
  /** One for all lines: one for each costs 100 bytes of garbage. */
  readonly #times = { atMs: Number.NaN, arrivedMs: Number.NaN, delayMs: Number.NaN };
  /** When the event came that came last, until something is answered: a number, for the event itself is garbage soon. */
  #latestMs = Number.NaN;

  constructor(options: TraceWriterOptions) {
    this.file = options.file;
    this.#clock = options.clock ?? systemClock;
    this.#onError = options.onError;
    this.#keys = options.keys ?? new EventKeys(options.seed);
    this.#startMs = this.#clock.nowMs();
    try {
      this.#file = new TraceFile(options.file, {
        onError: (error) => this.#giveUp(error),
        onFree: (bytes) => this.#spare.push(bytes),
      });
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
    const nowMs = this.#clock.nowMs();
    event.arrivedMs = nowMs;
    this.#latestMs = nowMs;
  }

  onAction(action: Action, delayMs: number): void {
    if (!this.#isOpen) {
      this.#lostLines += 1;
      return;
    }
    const { event } = action;
    if (event !== undefined && event.occurrence === 0) this.onEvent(event);
    const times = this.#times;
    times.atMs = this.#msOf(action, delayMs);
    times.arrivedMs = event === undefined ? times.atMs : event.arrivedMs - this.#startMs;
    times.delayMs = delayMs;
    const isKnown = event !== undefined && event.occurrence > 1;
    try {
      this.#lines.write(action, times, isKnown ? this.#keys.of(event) : undefined);
    } catch (error) {
      this.#lostLines += 1;
      throw error;
    }
    this.#appended();
  }

  /** When it is called everything so far is in the file. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isOpen) return;
    this.#lines.settle();
    try {
      this.#file.write(this.#pending.gathered);
      this.#pending.empty();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Writes the rest. Idempotent. */
  close(): void {
    this.flush();
    this.#closeFile();
  }

  /** An answer in the call in which the event came: the clock need not be asked again. */
  #msOf({ event, isDelivered }: Action, delayMs: number): number {
    const latestMs = this.#latestMs;
    this.#latestMs = Number.NaN;
    const isAtOnce = delayMs === 0 && isDelivered && event?.arrivedMs === latestMs;
    return (isAtOnce ? latestMs : this.#clock.nowMs()) - this.#startMs;
  }

  #appended(): void {
    this.#timer ??= setTimeout(() => this.flush(), flushAfterMs).unref();
    if (this.#pending.length < pieceBytes) return;
    if (this.#file.mayHandOver) this.#file.handOver(this.#pending.take(this.#spare.pop()));
    else this.flush();
  }

  #giveUp(error: unknown): void {
    if (!this.#isOpen) return;
    this.#lines.settle();
    for (const bytes of [...this.#file.unwritten, this.#pending.gathered]) {
      for (const byte of bytes) if (byte === newline) this.#lostLines += 1;
    }
    this.#pending.empty();
    this.#closeFile();
    this.#onError?.(error, `the trace "${this.file}" was being written; the rest of the run is not recorded`);
  }

  #closeFile(): void {
    this.#isOpen = false;
    try {
      this.#file.close();
    } catch (error) {
      this.#onError?.(error, `the trace "${this.file}" was being closed`); // a network file system tells of a full disk here
    }
  }
}
