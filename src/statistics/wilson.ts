import { normalQuantile } from "./normal.js";

/** Bounds of a probability, 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Where the true rate lies when `failures` of `trials` failed: the score interval, which is honest for few trials and for
 * rates near 0 and 1. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
 * No trials: anything. Throws RangeError for counts that cannot be.
 */
export function wilsonInterval(failures: number, trials: number, confidence = 0.95): Interval {
  if (!(failures >= 0 && failures <= trials)) throw new RangeError(`${failures} of ${trials} cannot be`);
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  const rate = failures / trials;
  const weight = (z * z) / trials;
  const centre = rate + weight / 2;
  const spread = z * Math.sqrt((rate * (1 - rate)) / trials + weight / (4 * trials));
  return {
    low: failures === 0 ? 0 : Math.max(0, (centre - spread) / (1 + weight)),
    high: failures === trials ? 1 : Math.min(1, (centre + spread) / (1 + weight)),
  };
}
