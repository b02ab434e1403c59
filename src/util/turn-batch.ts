/**
 * Gathers what is pushed within one turn of the event loop and hands it over at its end, in order. A burst becomes one
 * message; a single item waits some microseconds.
 */
export class TurnBatch<T> {
  readonly #handOver: (items: readonly T[]) => void;
  #items: T[] = [];
  #isArmed = false;

  constructor(handOver: (items: readonly T[]) => void) {
    this.#handOver = handOver;
  }

  push(item: T): void {
    this.#items.push(item);
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => {
      this.#isArmed = false;
      this.flush();
    });
  }

  /** Hands over now. What is pushed meanwhile comes at the end of the turn. */
  flush(): void {
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#handOver(items);
  }
}
