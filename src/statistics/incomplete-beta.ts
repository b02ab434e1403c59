import { logFactorial } from "./log-factorial.js";

const tiny = 1e-300;
const precision = 1e-15;

/**
 * The probability that a Beta(a, b) variable is at most `x`, for whole a, b ≥ 1: the regularised incomplete beta function by
 * its continued fraction, evaluated as Lentz does (NIST Digital Library of Mathematical Functions, 8.17.22; W. J. Lentz, Applied Optics 15, 1976).
 */
export function betaProbability(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaProbability(b, a, 1 - x);
  const logScale = a * Math.log(x) + b * Math.log1p(-x) + logFactorial(a + b - 1);
  const scale = Math.exp(logScale - logFactorial(a - 1) - logFactorial(b - 1)) / a;
  return scale * fraction(a, b, x);
}

function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = -((a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < precision) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
