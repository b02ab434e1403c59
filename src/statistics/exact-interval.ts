import { betaProbability } from "./incomplete-beta.js";
import { crossing } from "./solve.js";
import type { Interval } from "./wilson.js";

/**
 * Where the true rate lies when `failures` of `trials` failed: the exact interval, which holds the rate at least as often as it
 * says, for every rate and every number of trials. That is why campaigns use it: theirs are small rates of few runs, where
 * Wilson's interval may hold the rate 84 times in a hundred. It is right, too, for trials that stopped at the first failure.
 * C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits", Biometrika 26, 1934. No trials: anything. Throws
 * RangeError for counts that cannot be.
 */
export function exactInterval(failures: number, trials: number, confidence = 0.95): Interval {
  if (!(failures >= 0 && failures <= trials)) throw new RangeError(`${failures} of ${trials} cannot be`);
  if (trials === 0) return { low: 0, high: 1 };
  const tail = (1 - confidence) / 2;
  const passes = trials - failures;
  const low = failures === 0 ? 0 : crossing((p) => betaProbability(failures, passes + 1, p), tail, 0, 1);
  const high = passes === 0 ? 1 : crossing((p) => betaProbability(failures + 1, passes, p), 1 - tail, 0, 1);
  return { low, high };
}
