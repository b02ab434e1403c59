const firstMs = 100;
const longestMs = 5_000;

/** How long to wait before the next attempt: doubled each time, the upper half by chance, so that many inspectors do not come at once. */
export class BackOff {
  readonly #random: () => number;
  #attempts = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  nextMs(): number {
    const fullMs = Math.min(longestMs, firstMs * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    return fullMs * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
