import type { Minimised, ReplayCounts } from "../../replay/index.js";
import { NmzError } from "../../util/index.js";
import { rateWords } from "./rate-words.js";

const stopped = {
  runs: "the runs of --max-runs were spent",
  time: "the time of --max-time was spent",
  signal: "it was interrupted",
};

/** Why there is nothing to search for. */
export function notReproduced(
  { record, stoppedBy, recorded }: Minimised,
  { coverage, next }: { readonly coverage: ReplayCounts; readonly next: string },
): NmzError {
  if (record === undefined || stoppedBy !== undefined) {
    return new NmzError(
      "NMZ_MINIMIZE_BUDGET",
      `${stopped[stoppedBy ?? "runs"]} before it was clear whether the record makes it fail`,
      {
        exitCode: 1,
        hint: `to see whether it fails takes 20 runs, and up to 80 when it fails seldom`,
      },
    );
  }
  const rates = `${rateWords(record.with)}; without: ${record.without.failures} of ${record.without.trials}`;
  const message = `the record does not make it fail clearly more often than no decisions at all: ${rates}`;
  return new NmzError("NMZ_MINIMIZE_NOT_REPRODUCED", message, { exitCode: 1, hint: hint() });

  function hint(): string {
    const { failures, trials } = record!.without;
    if (failures * 2 > trials)
      return "it fails without being shaken too: say which failure is meant with --output or --exit-code";
    const runs = recorded === 0 ? 0 : coverage.recorded / recorded;
    const inOne = (count: number): number => (runs === 0 ? 0 : Math.round(count / runs));
    const places = coverage.byPlace === 0 ? "" : ` (${inOne(coverage.byPlace)} by place)`;
    return `of its ${recorded} decisions ${inOne(coverage.replayed)} found their event${places} in a run, on average; give another run that failed, or look at this one: ${next}`;
  }
}
