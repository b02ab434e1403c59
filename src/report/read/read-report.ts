import {
  type ArmSummary,
  type CampaignFile,
  CampaignTally,
  clearP,
  earlierCampaigns,
  openCampaign,
  readOutcome,
  readRunLines,
  readSuiteTests,
  readTuning,
  type TestSummary,
} from "../../campaign/index.js";
import { messageOf } from "../../util/index.js";
import { CoFailing, type EarlierFailures } from "../../verdict/index.js";
import {
  type ReportArm,
  type ReportComparison,
  type ReportData,
  type ReportTest,
  type ReportTuning,
  reportVersion,
} from "../data/index.js";
import { emptyTimelines, type PackedTimelines } from "../timeline/index.js";
import { campaignCommand } from "./again-commands.js";
import { RateSeries, rateOf } from "./rate-series.js";
import { readFailures } from "./read-failures.js";
import { readPredictors } from "./read-predictors.js";
import { readTimelines } from "./read-timelines.js";
import { RecordedRuns } from "./recorded-runs.js";

export interface ReadReportOptions {
  /** Failures of earlier campaigns of the same test, the newest first. Default: of those that lie beside this one. */
  readonly earlier?: readonly EarlierFailures[];
  /** False: traces are not looked at, which takes seconds where they are long. Default true. */
  readonly hasTraces?: boolean;
  /** False: only the page has them. Default true. */
  readonly hasTimelines?: boolean;
}

export interface Report {
  readonly data: ReportData;
  readonly timelines: PackedTimelines;
}

const mostTogether = 50;

/**
 * What a campaign's folder says; it may be one that still goes on. Memory does not grow with the number of runs. Throws what
 * openCampaign and readRunLines throw; what of the rest cannot be read becomes a note.
 */
export function readReport(folder: string, options: ReadReportOptions = {}): Report {
  const campaign = openCampaign(folder);
  const { file } = campaign;
  const notes: string[] = [];
  const tally = new CampaignTally(file);
  const isLookedAt = file.stop.untilInterval !== undefined;
  const series = { fuzzed: new RateSeries(isLookedAt), plain: new RateSeries(isLookedAt) };
  const together = new CoFailing();
  const recorded = new RecordedRuns();
  const startMs = Date.parse(file.startedAt);
  let endMs = startMs;
  let skippedTests = 0;
  for (const line of readRunLines(folder)) {
    tally.add(line);
    recorded.add(line);
    const lineEndMs = Date.parse(line.startedAt) + line.durationMs;
    endMs = Math.max(endMs, lineEndMs);
    skippedTests = Math.max(skippedTests, line.tests?.skipped ?? 0);
    if (line.outcome !== "pass" && line.outcome !== "fail") continue;
    series[line.arm].add(line.outcome === "fail", Math.max(0, lineEndMs - startMs));
    together.add(line.failures.flatMap(({ test }) => (test === undefined ? [] : [test])));
  }
  const onNote = (text: string) => void notes.push(text);
  const outcome = readOutcome(folder);
  const failures = readFailures(
    campaign,
    tally.failureGroups,
    options.earlier ?? earlierCampaigns(campaign),
    outcome,
  );
  const tests = readTests(folder, file, tally, onNote);
  noteWhatIsLeftOut(tally, failures.length, onNote);
  const runs = options.hasTraces === false ? [] : recorded.list(folder);
  const predictors = readPredictors(runs, recorded.recorded, onNote);
  const timelines =
    runs.length === 0 || options.hasTimelines === false
      ? emptyTimelines
      : readTimelines(runs, failures, predictors, onNote);
  const data: ReportData = {
    nmzReport: reportVersion,
    campaign: {
      ...{ id: file.id, kind: file.kind, test: file.test, startedAt: file.startedAt, seed: file.seed },
      ...{ jobs: file.jobs, timeoutMs: file.timeoutMs, preset: file.preset, cwd: file.cwd },
      ...{ command: campaignCommand(file), durationMs: endMs - startMs, hasTests: tests.length > 0 },
    },
    outcome:
      outcome === undefined
        ? undefined
        : {
            ...{ failOn: outcome.failOn, exitCode: outcome.exitCode, reason: outcome.reason },
            // Of kinds beyond what a tally holds nobody knows whether they are new.
            newFailures: tally.leftOut.failures > 0 ? undefined : outcome.newFailures,
          },
    fuzzed: armOf(tally.arm("fuzzed"), isLookedAt),
    plain: file.hasBaseline ? armOf(tally.arm("plain"), isLookedAt) : undefined,
    comparison: comparisonOf(tally),
    overTime: { fuzzed: series.fuzzed.points, plain: series.plain.points },
    choices: [...tally.choices].map(([choice, { failures, runs }]) => ({
      choice,
      rate: rateOf(failures, runs, isLookedAt),
    })),
    tuning: tuningOf(folder),
    ...{ tests, skippedTests, failures, predictors },
    together: together
      .groups()
      .slice(0, mostTogether)
      .map((group) => ({ tests: group.tests, together: group.together, any: group.any })),
    ...{ environment: file.environment, autopilot: file.autopilot, notes },
  };
  return { data, timelines };
}

function tuningOf(folder: string): ReportTuning | undefined {
  const tuning = readTuning(folder);
  if (tuning === undefined) return undefined;
  return {
    tried: tuning.tried.map(({ name, meaning, failures, runs }) => ({
      ...{ choice: name, meaning, rate: rateOf(failures, runs) },
    })),
    ...{ chosen: tuning.chosen, since: rateOf(tuning.since.failures, tuning.since.runs) },
  };
}

function armOf(
  { runs, failures, timeouts, errors, durationMs, firstFailure }: ArmSummary,
  isLookedAt: boolean,
): ReportArm {
  const timed = runs + timeouts;
  return {
    ...{ rate: rateOf(failures, runs, isLookedAt), timeouts, errors },
    firstFailure:
      firstFailure === undefined
        ? undefined
        : { run: firstFailure.run, runs: firstFailure.runs, durationMs: firstFailure.durationMs },
    meanDurationMs: timed === 0 ? undefined : durationMs / timed,
  };
}

function comparisonOf({ comparison }: CampaignTally): ReportComparison | undefined {
  if (comparison === undefined) return undefined;
  const { fisherP, sequentialP, oddsRatio } = comparison;
  const finite = (value: number) => (Number.isFinite(value) ? value : undefined);
  return {
    ...{ fisherP, sequentialP, isClear: sequentialP <= clearP },
    ...{ oddsRatio: finite(oddsRatio.estimate) },
    ...{ oddsLow: oddsRatio.low, oddsHigh: finite(oddsRatio.high) },
  };
}

function readTests(
  folder: string,
  { hasBaseline }: CampaignFile,
  tally: CampaignTally,
  onNote: (text: string) => void,
): readonly ReportTest[] {
  let summaries: readonly TestSummary[];
  try {
    summaries = tally.tests((suite) => readSuiteTests(folder, suite));
  } catch (error) {
    onNote(`the rates of single tests are not known: ${messageOf(error)}`);
    return [];
  }
  return summaries.map(({ test, arms: { fuzzed, plain } }) => ({
    name: test,
    rate: rateOf(Math.min(fuzzed.failed, fuzzed.ran), fuzzed.ran),
    plain: hasBaseline ? rateOf(Math.min(plain.failed, plain.ran), plain.ran) : undefined,
  }));
}

function noteWhatIsLeftOut(tally: CampaignTally, shown: number, onNote: (text: string) => void): void {
  const { failures, runsOfTests, failuresOfTests } = tally.leftOut;
  const hidden = tally.failureGroups.length - shown;
  if (hidden > 0) onNote(`${hidden} more different failures, which are not listed, are in runs.jsonl`);
  if (failures > 0) onNote(`${failures} failures of ever new kinds are in runs.jsonl only`);
  if (runsOfTests > 0) onNote(`the tests of ${runsOfTests} runs are not counted: these ran ever new tests`);
  if (failuresOfTests > 0) {
    onNote(
      `${failuresOfTests} failures of tests are not counted, because too many different tests failed: of those that are not listed it is not known how often they did`,
    );
  }
}
