import { logChoose } from "./log-factorial.js";

/** Runs by whether something was so, and whether they failed. */
export interface Contingency {
  readonly withFailed: number;
  readonly withPassed: number;
  readonly withoutFailed: number;
  readonly withoutPassed: number;
}

/** Which differences count: more failures with it, or a difference in either direction. */
export type Sides = "more" | "both";

/**
 * The exact probability of a table at least as far from "makes no difference" as this one, if it makes none. Two-sided:
 * the sum over all tables that are no likelier, as R's fisher.test has it. Fisher, "Statistical Methods for Research Workers", §21.02.
 */
export function fisherExact(table: Contingency, sides: Sides = "both"): number {
  const { withFailed, withPassed, withoutFailed, withoutPassed } = table;
  const withIt = withFailed + withPassed;
  const without = withoutFailed + withoutPassed;
  const failed = withFailed + withoutFailed;
  const all = logChoose(withIt + without, failed);
  const logProbability = (k: number) => logChoose(withIt, k) + logChoose(without, failed - k) - all;
  const observed = logProbability(withFailed);
  const highest = Math.min(withIt, failed);
  let sum = 0;
  for (let k = Math.max(0, failed - without); k <= highest; k++) {
    const log = logProbability(k);
    // Sums of logarithms that are equal on paper differ in the last digits.
    const counts = sides === "more" ? k >= withFailed : log <= observed + 1e-7;
    if (counts) sum += Math.exp(log);
  }
  return Math.min(1, sum);
}
