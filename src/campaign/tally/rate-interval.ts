import { exactInterval, type Interval } from "../../statistics/index.js";

/**
 * Each look is a chance to stop at a lucky moment: the 95 % interval of a campaign that stops as soon as it is narrow enough holds
 * the true rate 93.5 times in a hundred at the worst rates, and this one 94.9 times.
 */
const confidenceUnderLooks = 0.96;

/** Where an arm's rate lies with 95 %, also when `--until-interval` looked at it after every run. */
export function rateInterval(failures: number, runs: number, isLookedAt: boolean): Interval {
  return exactInterval(failures, runs, isLookedAt ? confidenceUnderLooks : 0.95);
}
