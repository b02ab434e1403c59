/**
 * P(Z <= z) for a standard normal Z, to 15 digits. Marsaglia, "Evaluating the Normal Distribution", Journal of
 * Statistical Software 11(4), 2004.
 */
export function normalCdf(z: number): number {
  if (z < -8) return 0;
  if (z > 8) return 1;
  let sum = z;
  let term = z;
  for (let i = 3; ; i += 2) {
    term *= (z * z) / i;
    if (sum + term === sum) break;
    sum += term;
  }
  return 0.5 + sum * density(z);
}

/** The z with P(Z <= z) = `probability`. Throws RangeError for what is not between 0 and 1. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`no probability: ${probability}`);
  if (probability < 0.5) return -normalQuantile(1 - probability);
  // Newton's method from the left of a concave function never oversteps.
  let z = 0;
  for (let round = 0; round < 200; round++) {
    const step = (probability - normalCdf(z)) / density(z);
    if (Math.abs(step) < 1e-13) break;
    z += step;
  }
  return z;
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}
