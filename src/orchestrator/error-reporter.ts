/** `while_` completes "while …": "policy "random" was deciding on a PacketEvent". */
export type OnError = (error: unknown, while_: string) => void;

/** Passes each cause on once, however often it strikes: a policy that throws does so 300,000 times a second. */
export class ErrorReporter {
  readonly #onError: OnError | undefined;
  readonly #reported = new Set<string>();
  #count = 0;

  constructor(onError: OnError | undefined) {
    this.#onError = onError;
  }

  /** How often anything failed. */
  get count(): number {
    return this.#count;
  }

  report(error: unknown, while_: string): void {
    this.#count += 1;
    if (this.#reported.has(while_)) return;
    this.#reported.add(while_);
    try {
      this.#onError?.(error, while_);
    } catch {
      // Whoever prints errors has failed; the event that met one still has to be answered.
    }
  }
}
