import type { ArmComparison, ArmSummary, StopReason, StopRule } from "../../campaign/index.js";
import type { Interval } from "../../statistics/index.js";
import { clockWords, percentDigits } from "../../util/index.js";

/** "1.7%", "0.04%", "0%" */
export function percentWords(share: number): string {
  return `${percentDigits(share)}%`;
}

/** "1.1% to 2.7%" */
export function intervalWords({ low, high }: Interval): string {
  return `${percentWords(low)} to ${percentWords(high)}`;
}

/** "3.3% (1.3% to 8.2%)"; without runs "no rate yet". */
export function rateWords({ rate, interval }: ArmSummary): string {
  return rate === undefined ? "no rate yet" : `${percentWords(rate)} (${intervalWords(interval)})`;
}

export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Why it is over, as a sentence's end. */
export function reasonWords(reason: StopReason, rule: StopRule): string {
  switch (reason) {
    case "runs":
      return "all runs are made";
    case "failure":
      return "there is a failure (--until-failure)";
    case "time":
      return `its time is over (--for ${clockWords(rule.forMs ?? 0)})`;
    case "interval":
      return `the rate is known to ±${percentWords(rule.untilInterval ?? 0)} (--until-interval)`;
    case "difference":
      return "it is clear that plain and fuzzed runs do not fail equally often (--baseline)";
    case "stopped":
      return "it was interrupted";
    case "broken":
      return "no further run could be made";
  }
}

/** How both arms compare, as lines. */
export function comparisonLines({ fisherP, oddsRatio, sequentialP, pairs }: ArmComparison): string[] {
  const { estimate, low, high } = oddsRatio;
  const odds = Number.isNaN(estimate)
    ? "odds ratio: nothing can be told, because all runs ended alike"
    : `odds ratio ${numberWords(estimate)} (95% interval ${numberWords(low)} to ${numberWords(high)})`;
  return [
    `fuzzed against plain: ${odds}, Fisher's exact p = ${pWords(fisherP)}`,
    `at any time: p = ${pWords(sequentialP)} (${countWords(pairs, "pair")}), which holds however often one looks`,
  ];
}

/** "first failure in run 12: after 9 runs and 38s", or how long there was none. */
export function firstFailureWords({ firstFailure, runs, timeouts, durationMs }: ArmSummary): string {
  if (firstFailure === undefined) {
    return `no failure in ${countWords(runs + timeouts, "run")} and ${clockWords(durationMs)}`;
  }
  return `first failure in run ${firstFailure.run}: after ${countWords(firstFailure.runs, "run")} and ${clockWords(firstFailure.durationMs)}`;
}

function numberWords(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "∞";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function pWords(p: number): string {
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}
