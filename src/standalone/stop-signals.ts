import { constants } from "node:os";

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The signals that end an inspector: it detaches and undoes what it did instead of dying. So does an error that nobody
 * caught, which is a bug of ours and no reason to leave a mount behind.
 */
export class StopSignals {
  readonly #controller = new AbortController();
  #received: NodeJS.Signals | undefined;
  #failure: { readonly error: unknown } | undefined;
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.#received ??= signal;
    this.#controller.abort();
  };
  readonly #onError = (error: unknown): void => {
    this.#failure ??= { error };
    this.#controller.abort(error); // whoever waits is told of the bug, and not that the work was aborted
  };

  constructor() {
    for (const signal of stopSignals) process.on(signal, this.#onSignal);
    process.on("uncaughtException", this.#onError);
  }

  /** Aborted when the end has come. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves when the end has come. */
  get aborted(): Promise<void> {
    const { signal } = this;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Waits for the work. Throws when the end comes first or has come: an AbortError, or the error that nobody caught. */
  async orAborted(work: Promise<void>): Promise<void> {
    await Promise.race([work, this.aborted]);
    this.signal.throwIfAborted();
  }

  /** 128 + the signal's number; undefined when none came. */
  get exitCode(): number | undefined {
    return this.#received === undefined ? undefined : 128 + constants.signals[this.#received];
  }

  /** Throws the error that nobody caught. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** From here on signals are somebody else's: those of a workload in front of which we stand. */
  release(): void {
    for (const signal of stopSignals) process.off(signal, this.#onSignal);
  }

  dispose(): void {
    this.release();
    process.off("uncaughtException", this.#onError);
  }
}
