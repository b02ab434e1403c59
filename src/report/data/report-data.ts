/** The version of the report's JSON (docs/report.md). A reader skips keys it does not know. */
export const reportVersion = 1;

/** A share with where it lies with 95 %; 0 to 1. */
export interface ReportRate {
  readonly failed: number;
  /** Runs that passed or failed; neither timeouts nor errors. */
  readonly of: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

export interface ReportFirstFailure {
  readonly run: number;
  /** How many runs of the arm it took, itself included, and how long these took one after another. */
  readonly runs: number;
  readonly durationMs: number;
}

export interface ReportArm {
  readonly rate: ReportRate;
  readonly timeouts: number;
  readonly errors: number;
  /** Undefined: none failed. */
  readonly firstFailure: ReportFirstFailure | undefined;
  /** Of the runs that passed, failed or ran into their timeout. */
  readonly meanDurationMs: number | undefined;
}

/** The fuzzed runs against the plain ones. */
export interface ReportComparison {
  /** Fisher's exact test, two-sided: right for a number of runs that was fixed beforehand. */
  readonly fisherP: number;
  /** Right whenever the campaign was stopped: the test by which it may stop early. */
  readonly sequentialP: number;
  /** So small that the campaign stops for it. */
  readonly isClear: boolean;
  /** Of failing when shaken; undefined: not finite, or nothing can be told. */
  readonly oddsRatio: number | undefined;
  readonly oddsLow: number;
  /** Undefined: there is no upper end. */
  readonly oddsHigh: number | undefined;
}

/** The rate after so many runs of an arm. */
export interface ReportPoint extends ReportRate {
  /** From the campaign's first run to the end of this one. */
  readonly atMs: number;
}

export interface ReportTest {
  readonly name: string;
  readonly rate: ReportRate;
  /** The same in plain runs; undefined without a baseline. */
  readonly plain: ReportRate | undefined;
}

/** A run that shows a failure, and how to have it again. */
export interface ReportExample {
  readonly run: number;
  readonly seed: string;
  /** Relative to the campaign's folder; undefined: not kept. */
  readonly folder: string | undefined;
  /** The recorded decisions once more; undefined: there is no record, or not of a kind that can be repeated. */
  readonly replayCommand: string | undefined;
  /** The same command with the same seed, wherever its image is; undefined: how it was shaken is not kept. */
  readonly seedCommand: string | undefined;
}

export interface ReportFailure {
  /** The signature's; the same in every campaign. */
  readonly id: string;
  readonly title: string;
  readonly message: string;
  readonly frames: readonly string[];
  /** Names, the most often failed first; empty: the run itself failed. */
  readonly tests: readonly string[];
  /** Fuzzed and plain runs in which it was seen. */
  readonly runs: number;
  readonly plainRuns: number;
  readonly firstRun: number;
  readonly lastRun: number;
  readonly examples: readonly ReportExample[];
  /** The last lines of the first example's output. */
  readonly outputTail: string | undefined;
  /** No earlier campaign had it; undefined: the campaign has not come to its end. */
  readonly isNew: boolean | undefined;
  /** Campaigns that saw the same before, or one that is alike; the newest first. */
  readonly earlier: readonly ReportEarlier[];
}

export interface ReportEarlier {
  readonly campaign: string;
  readonly kind: "same" | "alike";
}

/** Tests that failed in the same runs. */
export interface ReportTogether {
  readonly tests: readonly string[];
  /** In which all of them failed, and in which at least one did. */
  readonly together: number;
  readonly any: number;
}

export interface ReportPredictor {
  readonly kind: "delay" | "fault" | "threads" | "order";
  readonly words: string;
  /** What it is about: one event, or the two of an order, the earlier first; as a trace names them. */
  readonly events: readonly { readonly entity: string; readonly hint: string; readonly n: number }[];
  readonly withFailed: number;
  readonly withPassed: number;
  readonly withoutFailed: number;
  readonly withoutPassed: number;
  readonly qValue: number;
  readonly alwaysWith: readonly string[];
  readonly alwaysWithCount: number;
}

export interface ReportPredictors {
  readonly outcome: "predictors" | "nothing" | "no-failure" | "no-success" | "too-few" | "no-traces";
  /** Recorded runs that were compared, and how many there are. */
  readonly runs: number;
  readonly failed: number;
  readonly recordedRuns: number;
  readonly found: number;
  readonly asked: number;
  readonly list: readonly ReportPredictor[];
}

/** One of the presets that --tune tried, or the only one. */
export interface ReportChoice {
  readonly choice: string;
  readonly rate: ReportRate;
}

/** What --tune found out. */
export interface ReportTuning {
  /** While it searched, a timeout being a run that did not fail; what failed most often first. */
  readonly tried: readonly { readonly choice: string; readonly meaning: string; readonly rate: ReportRate }[];
  /** Undefined: the search goes on. */
  readonly chosen: string | undefined;
  /** With the chosen one, of runs that began after the choice. */
  readonly since: ReportRate;
}

/** What the loop exited with; --fail-on decides. */
export interface ReportOutcome {
  /** "any", "new", "never", "rate>1%" */
  readonly failOn: string;
  readonly exitCode: number;
  /** One line with nothing in it that a workload said. */
  readonly reason: string;
  /** Signatures that no earlier campaign had, be they listed or not; undefined: not looked for, or too many kinds to tell. */
  readonly newFailures: readonly string[] | undefined;
}

export interface ReportCampaign {
  readonly id: string;
  readonly kind: "container" | "command";
  readonly test: string;
  /** As it was typed. */
  readonly command: string;
  readonly startedAt: string;
  /** From the first run's start to the last one's end. */
  readonly durationMs: number;
  readonly seed: string;
  readonly jobs: number;
  readonly timeoutMs: number | undefined;
  readonly preset: string | undefined;
  /** What relative paths in commands are relative to. */
  readonly cwd: string;
  readonly hasTests: boolean;
}

/** The machine and the programs; of campaign.json. */
export interface ReportEnvironment {
  readonly nmzc: string;
  readonly node: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly engine: string | undefined;
  readonly image: string | undefined;
  readonly imageDigest: string | undefined;
}

/** A campaign as a report tells it: what `--format json` writes, and all other forms are made of. */
export interface ReportData {
  readonly nmzReport: number;
  readonly campaign: ReportCampaign;
  /** Undefined while the campaign goes on. */
  readonly outcome: ReportOutcome | undefined;
  readonly fuzzed: ReportArm;
  readonly plain: ReportArm | undefined;
  readonly comparison: ReportComparison | undefined;
  readonly overTime: {
    readonly fuzzed: readonly ReportPoint[];
    readonly plain: readonly ReportPoint[];
  };
  readonly choices: readonly ReportChoice[];
  /** Undefined without --tune, and until a campaign has come to an end. */
  readonly tuning: ReportTuning | undefined;
  /** The most often failed first. */
  readonly tests: readonly ReportTest[];
  /** The most that were skipped in one run: they are not among the tests. */
  readonly skippedTests: number;
  /** The most frequent first; with --fail-on new, those that are new before the others. */
  readonly failures: readonly ReportFailure[];
  readonly together: readonly ReportTogether[];
  readonly predictors: ReportPredictors;
  readonly environment: ReportEnvironment;
  readonly autopilot: Readonly<Record<string, unknown>>;
  /** What the reader should know of what is not in here: files that could not be read, lists that were cut. */
  readonly notes: readonly string[];
}
