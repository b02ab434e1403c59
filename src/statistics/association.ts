import type { Contingency } from "./fisher.js";

/**
 * How well a run's failing goes with something's being so, 0 to 1: of the failures found, times of the findings right.
 * Ochiai 1957; for faults in programs Abreu et al., "On the accuracy of spectrum-based fault localization", 2007.
 */
export function ochiai({ withFailed, withPassed, withoutFailed }: Contingency): number {
  const product = (withFailed + withoutFailed) * (withFailed + withPassed);
  return product === 0 ? 0 : withFailed / Math.sqrt(product);
}

/** The correlation of two yes-or-no variables, -1 to 1; 0 where one of them never varies. Pearson 1900; Yule 1912. */
export function phi(table: Contingency): number {
  const { withFailed: a, withPassed: b, withoutFailed: c, withoutPassed: d } = table;
  const product = (a + b) * (c + d) * (a + c) * (b + d);
  return product === 0 ? 0 : (a * d - b * c) / Math.sqrt(product);
}

/** How many times the odds of failing are with it what they are without; half a run is added to each cell so that it is never infinite (Haldane 1956; Anscombe 1956). */
export function oddsRatio({ withFailed, withPassed, withoutFailed, withoutPassed }: Contingency): number {
  return ((withFailed + 0.5) * (withoutPassed + 0.5)) / ((withPassed + 0.5) * (withoutFailed + 0.5));
}
