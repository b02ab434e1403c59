import { exactInterval } from "../../statistics/index.js";
import type { ReportPoint, ReportRate } from "../data/index.js";

/** As many as a screen has room for; a campaign of 10,000 runs needs no more. */
const mostPoints = 400;

export function rateOf(failed: number, of: number): ReportRate {
  const { low, high } = exactInterval(failed, of);
  return { failed, of, rate: of === 0 ? 0 : failed / of, low, high };
}

/** The rate after each run, thinned as it grows: evenly, and always with the last. */
export class RateSeries {
  readonly #points: ReportPoint[] = [];
  #stride = 1;
  #failed = 0;
  #of = 0;
  #last: ReportPoint | undefined;

  /** `atMs` since the campaign's first run; a clock that was set back does not bend the line. */
  add(hasFailed: boolean, atMs: number): void {
    this.#of += 1;
    if (hasFailed) this.#failed += 1;
    const after = Math.max(atMs, this.#last?.atMs ?? 0);
    this.#last = { ...rateOf(this.#failed, this.#of), atMs: after };
    if (this.#of % this.#stride !== 0) return;
    this.#points.push(this.#last);
    if (this.#points.length <= mostPoints) return;
    this.#stride *= 2;
    const kept = this.#points.filter(({ of }) => of % this.#stride === 0);
    this.#points.splice(0, this.#points.length, ...kept);
  }

  get points(): readonly ReportPoint[] {
    const isThere = this.#last === undefined || this.#points.at(-1) === this.#last;
    return isThere ? [...this.#points] : [...this.#points, this.#last!];
  }
}
