// Node turns a longer period into 1 ms.
const maxTimerMs = 2 ** 31 - 1;

/** The timers a policy asked for, until the run ends. What they throw, or promise and break, is reported. */
export class PolicyTimers {
  readonly #onError: (error: unknown) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isStopped = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  every(periodMs: number, tick: () => unknown): void {
    if (this.#isStopped) return;
    this.#timers.add(setInterval(() => this.#call(tick), Math.min(periodMs, maxTimerMs)).unref());
  }

  after(delayMs: number, tick: () => unknown): void {
    if (this.#isStopped) return;
    const fire = (): void => {
      this.#timers.delete(timer);
      this.#call(tick);
    };
    const timer = setTimeout(fire, Math.min(delayMs, maxTimerMs)).unref();
    this.#timers.add(timer);
  }

  /** None of them strikes any more, and no new one starts. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #call(tick: () => unknown): Promise<void> {
    try {
      await tick();
    } catch (error) {
      this.#onError(error);
    }
  }
}
