/** Bounds of the 95 % Wilson score interval for `failures` of `runs`, as fractions; [0, 1] when there are no runs. */
export function wilsonInterval(failures: number, runs: number): readonly [number, number] {
  if (runs === 0) return [0, 1];
  const z = 1.959_963_985;
  const share = failures / runs;
  const scale = 1 + z ** 2 / runs;
  const centre = (share + z ** 2 / (2 * runs)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / runs + z ** 2 / (4 * runs ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
