import type { Contingency } from "./fisher.js";

/**
 * How well a run's failing goes with something's being so, 0 to 1: of the failures found, times of the findings right.
 * Ochiai 1957; for faults in programs Abreu et al., "On the accuracy of spectrum-based fault localization", 2007.
 */
export function ochiai({ withFailed, withPassed, withoutFailed }: Contingency): number {
  const product = (withFailed + withoutFailed) * (withFailed + withPassed);
  return product === 0 ? 0 : withFailed / Math.sqrt(product);
}
