export interface SequentialTestOptions {
  /** The rate of failures if it makes no difference, and if it does: 0 < low < high < 1. */
  readonly lowRate: number;
  readonly highRate: number;
  /** How often "high" may be said at most when the rate is low. */
  readonly falseHigh: number;
  /** How often "low" may be said at most when the rate is high. */
  readonly falseLow: number;
  /** After so many trials there is no more patience: the answer is "undecided". */
  readonly maxTrials?: number;
}

export type SequentialAnswer = "high" | "low" | "undecided";

/**
 * Wald's sequential probability ratio test: of two rates, which is it? Needs the fewest trials of all tests with these
 * errors (Wald, "Sequential tests of statistical hypotheses", Ann. Math. Statist. 16, 1945; Wald & Wolfowitz 1948).
 * Wald's bounds keep the sum of both errors; the truncation adds to neither, as it answers neither. Throws RangeError.
 */
export class SequentialTest {
  readonly #lowRate: number;
  readonly #highRate: number;
  readonly #ifFailed: number;
  readonly #ifPassed: number;
  readonly #upper: number;
  readonly #lower: number;
  readonly #maxTrials: number;
  #logRatio = 0;
  #trials = 0;
  #failures = 0;

  constructor({ lowRate, highRate, falseHigh, falseLow, maxTrials }: SequentialTestOptions) {
    if (!(lowRate > 0 && lowRate < highRate && highRate < 1)) {
      throw new RangeError(`no rates to tell apart: ${lowRate} and ${highRate}`);
    }
    if (!(falseHigh > 0 && falseLow > 0 && falseHigh + falseLow < 1)) {
      throw new RangeError(`no errors to keep below: ${falseHigh} and ${falseLow}`);
    }
    this.#lowRate = lowRate;
    this.#highRate = highRate;
    this.#ifFailed = Math.log(highRate / lowRate);
    this.#ifPassed = Math.log((1 - highRate) / (1 - lowRate));
    this.#upper = Math.log((1 - falseLow) / falseHigh);
    this.#lower = Math.log(falseLow / (1 - falseHigh));
    this.#maxTrials = maxTrials ?? Number.POSITIVE_INFINITY;
  }

  get trials(): number {
    return this.#trials;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Undefined: one more trial, please. */
  get answer(): SequentialAnswer | undefined {
    if (this.#logRatio >= this.#upper) return "high";
    if (this.#logRatio <= this.#lower) return "low";
    return this.#trials >= this.#maxTrials ? "undecided" : undefined;
  }

  add(failed: boolean): void {
    this.#trials += 1;
    if (failed) this.#failures += 1;
    this.#logRatio += failed ? this.#ifFailed : this.#ifPassed;
  }

  /** About how many trials it takes on average if the rate is the high one, or the low one. */
  expectedTrials(rate: "low" | "high"): number {
    const truth = rate === "high" ? this.#highRate : this.#lowRate;
    const drift = truth * this.#ifFailed + (1 - truth) * this.#ifPassed;
    return (rate === "high" ? this.#upper : this.#lower) / drift;
  }
}
