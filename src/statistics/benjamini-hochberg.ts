/**
 * For each p-value the share of false discoveries one accepts by believing it and all that are smaller, in the order
 * given. Benjamini & Hochberg, "Controlling the false discovery rate", J. R. Statist. Soc. B 57, 1995. `tests` says how many tests there
 * were if not all their p-values are given: those left out count as 1.
 */
export function benjaminiHochberg(
  pValues: readonly number[],
  tests: number = pValues.length,
): readonly number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  order.forEach((index, position) => {
    const rank = pValues.length - position;
    smallest = Math.min(smallest, (pValues[index]! * tests) / rank);
    adjusted[index] = smallest;
  });
  return adjusted;
}
