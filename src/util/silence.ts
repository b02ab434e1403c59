export interface SilenceOptions {
  readonly intervalMs: number;
  /** So many intervals without a word, and the peer counts as gone. */
  readonly maxMissed: number;
  /** Makes the peer say something. */
  readonly ping: () => void;
  readonly onSilent: () => void;
}

/**
 * Notices a peer that is gone without having closed. Counts intervals, not time: a process that was itself stopped or
 * busy for a minute has had one interval, and finds in the next what its peer said meanwhile.
 */
export class Silence {
  readonly #timer: NodeJS.Timeout;
  #missed = 0;

  constructor(options: SilenceOptions) {
    this.#timer = setInterval(() => {
      if (this.#missed >= options.maxMissed) {
        this.stop();
        options.onSilent();
        return;
      }
      // Whoever has just spoken need not be asked.
      if (this.#missed > 0) options.ping();
      this.#missed += 1;
    }, options.intervalMs);
    this.#timer.unref();
  }

  /** The peer has said something. */
  heard(): void {
    this.#missed = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
