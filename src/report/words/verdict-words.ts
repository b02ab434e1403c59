import type { ReportArm, ReportData, ReportRate, ReportTuning } from "../data/report-data.js";
import { countWords, intervalWords, percentWords, probabilityWords, timeWords } from "./numbers.js";

/** What a campaign found, in a few sentences. Read by the page too: no Node here. */
export interface VerdictWords {
  /** "12 of 200 runs failed". */
  readonly headline: string;
  /** What it is a rate of. */
  readonly of: ReportRate;
  /** "6 %, with 95 % between 3.5 % and 10 %". */
  readonly rate: string;
  /** Against the plain runs; undefined without a baseline. */
  readonly comparison: string | undefined;
  /** Timeouts, errors, time to the first failure. */
  readonly remarks: readonly string[];
  /** Never red for "nothing failed": green, "bad" when something failed, "none" without a single run. */
  readonly tone: "good" | "bad" | "none";
}

export function verdictWords({ fuzzed, plain, comparison, outcome, tuning }: ReportData): VerdictWords {
  // Runs of a search are no part of the answer to which it led.
  const isTuned = tuning?.chosen !== undefined && tuning.since.of > 0;
  const rate = isTuned ? tuning.since : fuzzed.rate;
  const kind = plain === undefined ? "run" : "shaken run";
  const since = isTuned ? ` since --tune chose ${tuning.chosen}` : "";
  return {
    of: rate,
    headline:
      rate.of === 0
        ? "No run has a result yet"
        : rate.failed === 0
          ? `None of ${countWords(rate.of, kind)} failed${since}`
          : `${rate.failed} of ${countWords(rate.of, kind)} failed${since}`,
    rate: rate.of === 0 ? "" : `${percentWords(rate.rate)} (95 % interval ${intervalWords(rate)})`,
    comparison: plain === undefined ? undefined : comparisonWords(fuzzed, plain, comparison),
    remarks: [
      ...(isTuned
        ? [
            `Of all ${countWords(fuzzed.rate.of, kind)}, those of the search among them, ${fuzzed.rate.failed} failed.`,
          ]
        : []),
      ...remarksOn(fuzzed, plain),
      ...outcomeWords(outcome),
    ],
    tone: rate.of === 0 ? "none" : fuzzed.rate.failed === 0 ? "good" : "bad",
  };
}

/** Nothing where it says no more than the headline. */
function outcomeWords(outcome: ReportData["outcome"]): readonly string[] {
  if (outcome === undefined) return [];
  const { failOn, exitCode, reason } = outcome;
  return failOn === "any" && exitCode <= 1 ? [] : [`Exit code ${exitCode} (--fail-on ${failOn}): ${reason}.`];
}

/** Why --tune chose what it chose. */
export function tuningWords({ tried, chosen, since }: ReportTuning): string {
  const over = `over ${countWords(
    tried.reduce((sum, { rate }) => sum + rate.of, 0),
    "run",
  )}`;
  if (chosen === undefined)
    return `Nothing is chosen yet ${over}: nothing failed clearly more often than the rest.`;
  const later =
    since.of === 0 ? "" : `; since then ${since.failed} of ${countWords(since.of, "run")} failed with it`;
  return `Of what was tried ${over}, ${chosen} failed most often, allowing for how seldom some were tried, and was chosen${later}.`;
}

function comparisonWords(fuzzed: ReportArm, plain: ReportArm, comparison: ReportData["comparison"]): string {
  const { rate } = plain;
  const alone =
    rate.of === 0
      ? "No plain run has a result yet"
      : `Of ${countWords(rate.of, "plain run")} ${rate.failed === 0 ? "none" : rate.failed} failed: ${percentWords(rate.rate)} (${intervalWords(rate)})`;
  if (comparison === undefined) return `${alone}.`;
  const { fisherP, sequentialP, isClear, oddsRatio, oddsLow, oddsHigh } = comparison;
  const direction = fuzzed.rate.rate > rate.rate ? "more" : "less";
  const answer = isClear
    ? `Shaken, it fails ${direction} often`
    : fisherP <= 0.05
      ? `Shaken, it seems to fail ${direction} often`
      : "Whether shaking makes a difference is not clear";
  const between =
    oddsHigh === undefined
      ? `at least ${twoDigits(oddsLow)} with 95 %`
      : `95 % ${twoDigits(oddsLow)} to ${twoDigits(oddsHigh)}`;
  const odds =
    oddsRatio !== undefined
      ? `odds ratio ${twoDigits(oddsRatio)} (${between})`
      : oddsLow === 0
        ? "no odds ratio, because all ended alike"
        : `odds ratio ${between}`;
  return `${alone}. ${answer}: Fisher's exact ${probabilityWords("p", fisherP)}, ${odds}; ${probabilityWords("p", sequentialP)} by the test that may stop early.`;
}

function twoDigits(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function remarksOn(fuzzed: ReportArm, plain: ReportArm | undefined): readonly string[] {
  const timeouts = fuzzed.timeouts + (plain?.timeouts ?? 0);
  const errors = fuzzed.errors + (plain?.errors ?? 0);
  return [
    ...(fuzzed.firstFailure === undefined
      ? []
      : [
          `The first failure took ${countWords(fuzzed.firstFailure.runs, "run")} and ${timeWords(fuzzed.firstFailure.durationMs)} of running.`,
        ]),
    ...(timeouts === 0
      ? []
      : [`${countWords(timeouts, "run")} ended by a timeout, not counted: shaking may have caused it.`]),
    ...(errors === 0 ? [] : [`${countWords(errors, "run")} could not be made, not counted.`]),
  ];
}
