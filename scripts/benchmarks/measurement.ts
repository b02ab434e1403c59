/** What one measurement yields: the median, and each run it was taken from. */
export interface Measured {
  readonly value: number;
  readonly runs: readonly number[];
}

/** One figure of `scripts/bench`. */
export interface Measurement {
  /** "nfq.throughput_vs_limit" */
  readonly key: string;
  /** "ratio", "packets", "ms" */
  readonly unit: string;
  /** What is measured, in one line. */
  readonly what: string;
  readonly aim: { readonly atLeast: number } | { readonly atMost: number };
  /** Takes ours and the limit in turn (A B A B …) and returns the median ratio and each run's. */
  measure(): Promise<Measured>;
}

/** The middle value; the mean of the two middle ones when their number is even. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? Number.NaN;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** How many rounds a measurement takes: `full`, or a third of them (one at least) under `scripts/bench --quick`. */
export function rounds(full: number): number {
  return process.env["NMZ_BENCH_QUICK"] === "1" ? Math.max(1, Math.round(full / 3)) : full;
}

/**
 * Takes `ours` and `limit` in turn, round after round, because a shared machine drifts from minute to minute, and
 * gives the ratio ours/limit of each round with their median.
 */
export async function ratioInTurn(
  roundCount: number,
  ours: () => number | Promise<number>,
  limit: () => number | Promise<number>,
): Promise<Measured> {
  const runs: number[] = [];
  for (let round = 0; round < roundCount; round++) {
    const a = await ours();
    const b = await limit();
    runs.push(a / b);
  }
  return { value: median(runs), runs };
}
