import { exactInterval, type Interval } from "../../statistics/index.js";
import { listExperiments, type StoredExperiment } from "../storage/index.js";

/** Of run times, in milliseconds. */
export interface TimeRange {
  readonly count: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

/** What a storage says as a whole; only runs that have ended count. */
export interface ExperimentSummary {
  readonly ended: number;
  readonly running: number;
  /** Ended by a signal or killed, or could not be made: nobody knows whether they would have failed. */
  readonly interrupted: number;
  readonly failures: number;
  /** Undefined where nothing has ended. */
  readonly rate: number | undefined;
  /** With 95 %. */
  readonly interval: Interval;
  readonly times: {
    readonly all: TimeRange | undefined;
    readonly failing: TimeRange | undefined;
    readonly passing: TimeRange | undefined;
  };
  /** Their numbers, in order. */
  readonly failed: readonly number[];
}

/** Throws NMZ_EXPERIMENT_STORAGE. */
export function summariseExperiments(storage: string): ExperimentSummary {
  const runs = listExperiments(storage);
  const ended = runs.filter(({ result }) => result !== undefined);
  const failing = ended.filter(({ result }) => !result!.successful);
  const passing = ended.filter(({ result }) => result!.successful);
  const count = (state: StoredExperiment["state"]) => runs.filter((run) => run.state === state).length;
  return {
    ended: ended.length,
    running: count("running"),
    interrupted: count("interrupted"),
    failures: failing.length,
    rate: ended.length === 0 ? undefined : failing.length / ended.length,
    interval: exactInterval(failing.length, ended.length),
    times: { all: rangeOf(ended), failing: rangeOf(failing), passing: rangeOf(passing) },
    failed: failing.map(({ number }) => number),
  };
}

function rangeOf(runs: readonly StoredExperiment[]): TimeRange | undefined {
  const times = runs.map(({ result }) => result!.requiredTimeNs / 1e6).sort((a, b) => a - b);
  if (times.length === 0) return undefined;
  const middle = times.length >> 1;
  const median = times.length % 2 === 1 ? times[middle]! : (times[middle - 1]! + times[middle]!) / 2;
  return { count: times.length, minMs: times[0]!, medianMs: median, maxMs: times.at(-1)! };
}

/** The lines of the original's `tools summary`, for scripts that read them. */
export function summaryLines(runs: readonly StoredExperiment[]): string[] {
  return runs.flatMap((run) => {
    if (run.result === undefined) return [unread(run)];
    return run.result.successful ? [] : [`${nameOf(run)} caused failure`];
  });
}

/** The same of `-list-up-over-average`: the runs that took longer than the mean of those with a result. */
export function overAverageLines(runs: readonly StoredExperiment[]): string[] {
  const times = runs.flatMap(({ result }) => (result === undefined ? [] : [result.requiredTimeNs]));
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return runs.flatMap((run) => {
    if (run.result === undefined) return [unread(run)];
    return run.result.requiredTimeNs > mean ? [nameOf(run)] : [];
  });
}

function nameOf({ number }: StoredExperiment): string {
  return number.toString(16).padStart(8, "0");
}

function unread(run: StoredExperiment): string {
  return `failed to open history ${nameOf(run)}, ${run.problem}`;
}
