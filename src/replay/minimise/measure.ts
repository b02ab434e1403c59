import type { RecordedDecision } from "../../record/index.js";
import { fisherExact, wilsonInterval } from "../../statistics/index.js";
import type { Progress, Runner } from "./runner.js";

/** So many of so many runs failed. */
export interface Rate {
  readonly failures: number;
  readonly trials: number;
}

export interface Comparison {
  readonly with: Rate;
  readonly without: Rate;
  /** Of Fisher's exact test, one-sided: how likely chance alone does as well. */
  readonly pValue: number;
}

/**
 * Runs `decisions` and nothing at all in turn, so that a machine that grows slower hits both, until `isEnough`, or
 * `most` times each.
 */
export async function compare(
  runner: Runner,
  decisions: readonly RecordedDecision[],
  options: {
    readonly most: number;
    readonly isEnough: (comparison: Comparison) => boolean;
    readonly question: string;
    readonly onProgress: (progress: Progress) => void;
  },
): Promise<Comparison> {
  let [withFailures, withoutFailures] = [0, 0];
  for (let trials = 1; ; trials++) {
    if (await runner.fails(decisions)) withFailures += 1;
    if (await runner.fails([])) withoutFailures += 1;
    const comparison = compared({ failures: withFailures, trials }, { failures: withoutFailures, trials });
    const isLast = trials >= options.most || options.isEnough(comparison);
    const { question } = options;
    options.onProgress({
      question: `${question} (without: ${withoutFailures} of ${trials})`,
      failures: withFailures,
      trials,
      runs: runner.runs,
      ...(isLast ? { answer: "measured" as const } : {}),
    });
    if (isLast) return comparison;
  }
}

function compared(withThem: Rate, without: Rate): Comparison {
  const pValue = fisherExact(
    {
      withFailed: withThem.failures,
      withPassed: withThem.trials - withThem.failures,
      withoutFailed: without.failures,
      withoutPassed: without.trials - without.failures,
    },
    "more",
  );
  return { with: withThem, without, pValue };
}

/**
 * The two rates that questions are put between: as near to each other as what was measured makes likely, so that a wrong
 * guess of them does not break the promise. Undefined when they are not apart.
 */
export function ratesOf(comparison: Comparison): { lowRate: number; highRate: number } | undefined {
  const confidence = 0.8;
  const highRate = wilsonInterval(comparison.with.failures, comparison.with.trials, confidence).low;
  const lowRate = wilsonInterval(comparison.without.failures, comparison.without.trials, confidence).high;
  return lowRate < highRate ? { lowRate, highRate } : undefined;
}
