import type { CampaignTally } from "../tally/index.js";

/** Nothing is a result when the first runs cannot be made at all, or suddenly none any more. */
const maxFirstErrors = 3;
const maxErrorsInARow = 10;

/** How many runs could not be made, one after another. */
export class ErrorStreak {
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Told of each run, behind its line in the tally. True when making more of them is of no use. */
  isTooLong(isError: boolean, tally: Pick<CampaignTally, "arm">): boolean {
    this.#length = isError ? this.#length + 1 : 0;
    const isAnyMade = (["plain", "fuzzed"] as const).some((arm) => {
      const { runs, timeouts } = tally.arm(arm);
      return runs + timeouts > 0;
    });
    return this.#length >= (isAnyMade ? maxErrorsInARow : maxFirstErrors);
  }
}
