import type { Contingency } from "./fisher.js";
import { logChoose } from "./log-factorial.js";
import { crossing } from "./solve.js";
import type { Interval } from "./wilson.js";

/** How many times the odds of failing are with it what they are without; `Infinity` where only one side failed at all. */
export interface OddsRatio extends Interval {
  /** The likeliest one, given the margins of the table. NaN: no run failed, or each did, and nothing can be told. */
  readonly estimate: number;
}

/** Odds ratios beyond e to this are told as 0 and Infinity. */
const widest = 60;

/**
 * The odds ratio of a table with its exact interval, as R's fisher.test has both: conditional on the margins, which makes the count
 * in one cell a noncentral hypergeometric variable. Fisher, "The logic of inductive inference", JRSS 98, 1935; Cornfield 1956.
 */
export function oddsRatio(table: Contingency, confidence = 0.95): OddsRatio {
  const { withFailed: observed, withPassed, withoutFailed, withoutPassed } = table;
  const failed = observed + withoutFailed;
  const withIt = observed + withPassed;
  const without = withoutFailed + withoutPassed;
  const least = Math.max(0, failed - without);
  const most = Math.min(withIt, failed);
  if (least === most) return { estimate: Number.NaN, low: 0, high: Number.POSITIVE_INFINITY };
  const base = Array.from(
    { length: most - least + 1 },
    (_, i) => logChoose(withIt, least + i) + logChoose(without, failed - least - i),
  );
  const solve = (f: (weights: readonly number[]) => number, target: number) =>
    Math.exp(crossing((logRatio) => f(weightsAt(base, logRatio)), target, -widest, widest));
  const tail = (1 - confidence) / 2;
  const place = observed - least;
  const atLeast = (weights: readonly number[]) => sum(weights.slice(place));
  const above = (weights: readonly number[]) => sum(weights.slice(place + 1));
  const mean = (weights: readonly number[]) => weights.reduce((total, weight, i) => total + weight * i, 0);
  if (observed === least) return { estimate: 0, low: 0, high: solve(above, 1 - tail) };
  const low = solve(atLeast, tail);
  if (observed === most) return { estimate: Number.POSITIVE_INFINITY, low, high: Number.POSITIVE_INFINITY };
  return { estimate: solve(mean, place), low, high: solve(above, 1 - tail) };
}

function weightsAt(base: readonly number[], logRatio: number): number[] {
  const logs = base.map((log, i) => log + i * logRatio);
  const highest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - highest));
  const all = sum(weights);
  return weights.map((weight) => weight / all);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
