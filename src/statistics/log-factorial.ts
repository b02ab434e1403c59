/** The logarithm of n!: exact up to 170 by the product, then by Stirling's series, whose first term left out is below 1e-15. */
export function logFactorial(n: number): number {
  if (n > 170) {
    const inverse = 1 / n;
    const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
    return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + series;
  }
  let product = 1;
  for (let factor = 2; factor <= n; factor++) product *= factor;
  return Math.log(product);
}

export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
