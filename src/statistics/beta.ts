import type { Random } from "../util/index.js";

/**
 * One draw from Beta(a, b) for whole a, b ≥ 1: the a-th smallest of a + b − 1 uniform numbers (N. L. Johnson, S. Kotz,
 * N. Balakrishnan, Continuous Univariate Distributions 2, 2nd ed., 25.2). Exact, and cheap where a + b is small.
 */
export function drawBeta(a: number, b: number, random: Random): number {
  if (!Number.isInteger(a) || !Number.isInteger(b) || a < 1 || b < 1) {
    throw new RangeError(`Beta(${a}, ${b}) has no whole parameters from 1`);
  }
  const uniforms = Array.from({ length: a + b - 1 }, () => random.next());
  return uniforms.sort((left, right) => left - right)[a - 1]!;
}
