import { rateInterval } from "../../campaign/index.js";
import type { ReportPoint, ReportRate } from "../data/index.js";

/** As many as a screen has room for; a campaign of 10,000 runs needs no more. */
const mostPoints = 400;

/** `isLookedAt`: the rate's interval says when the campaign stops, and is wider for that. */
export function rateOf(failed: number, of: number, isLookedAt = false): ReportRate {
  const { low, high } = rateInterval(failed, of, isLookedAt);
  return { failed, of, rate: of === 0 ? 0 : failed / of, low, high };
}

type Counts = Pick<ReportPoint, "failed" | "of" | "atMs">;

/** The rate after each run, thinned as it grows: evenly, and always with the last. */
export class RateSeries {
  readonly #isLookedAt: boolean;
  readonly #kept: Counts[] = [];
  #stride = 1;
  #last: Counts | undefined;

  constructor(isLookedAt: boolean) {
    this.#isLookedAt = isLookedAt;
  }

  /** `atMs` since the campaign's first run; a clock that was set back does not bend the line. */
  add(hasFailed: boolean, atMs: number): void {
    const { failed, of, atMs: before } = this.#last ?? { failed: 0, of: 0, atMs: 0 };
    this.#last = { failed: failed + (hasFailed ? 1 : 0), of: of + 1, atMs: Math.max(atMs, before) };
    if (this.#last.of % this.#stride !== 0) return;
    this.#kept.push(this.#last);
    if (this.#kept.length <= mostPoints) return;
    this.#stride *= 2;
    const fewer = this.#kept.filter((each) => each.of % this.#stride === 0);
    this.#kept.splice(0, this.#kept.length, ...fewer);
  }

  /** Intervals are worked out here, for the points that are left of all runs. */
  get points(): readonly ReportPoint[] {
    const isThere = this.#last === undefined || this.#kept.at(-1) === this.#last;
    const all = isThere ? this.#kept : [...this.#kept, this.#last!];
    return all.map(({ failed, of, atMs }) => ({ ...rateOf(failed, of, this.#isLookedAt), atMs }));
  }
}
