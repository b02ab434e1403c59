import type { RunFailure, TestOutcome } from "../../verdict/index.js";

/** Plain: nothing is shaken. */
export type Arm = "plain" | "fuzzed";

/**
 * pass, fail: what the workload's own exit code and test results say. timeout: ended by `--timeout`, which may be the
 * fuzzing's doing and so is no failure. error: nmzc could not make the run (exit code 125 to 127 of its own); counted nowhere.
 */
export type RunOutcomeKind = "pass" | "fail" | "timeout" | "error";

/** One line of runs.jsonl: one run that has ended. Appended once, so that what is there counts and nothing else does. */
export interface RunLine {
  /**
   * From 0, without a gap over both arms; a run that was interrupted, or could not be made before a --resume, is made again under its
   * number and seed. So an error's number can come twice, and any other outcome's once.
   */
  readonly run: number;
  readonly arm: Arm;
  readonly seed: string;
  /** Which of the presets that --tune tries; undefined without. */
  readonly choice: string | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  /** From the start of the run to its end, by a clock that nobody can set. */
  readonly durationMs: number;
  /** How many ran at a time, where a --resume had another number than campaign.json. */
  readonly jobs?: number | undefined;
  /** Undefined: ended by a timeout. */
  readonly exitCode: number | undefined;
  readonly outcome: RunOutcomeKind;
  /** Undefined where no test results were found. */
  readonly tests: TestCounts | undefined;
  /**
   * Which tests ran, passed or failed: suites/<suite>.json lists their names. One file for all runs that ran the same ones,
   * so that a run of 10,000 tests is one short line. Undefined where no test results were found.
   */
  readonly suite: string | undefined;
  /** Of a failed run, at least one; each test at most once. */
  readonly failures: readonly RunFailure[];
  /** Relative to the campaign's folder: output.log, result files, and the run's own record. Undefined: not kept. */
  readonly folder: string | undefined;
  /** Of an error: its message. */
  readonly error: string | undefined;
}

/** How many tests of a run ended how. */
export type TestCounts = Readonly<Record<TestOutcome, number>>;
