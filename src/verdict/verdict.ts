/** How one test of a suite ended. */
export type TestOutcome = "passed" | "failed" | "skipped";

/** One test case, as its runner told of it. */
export interface TestResult {
  /** The same in every run of the suite: suite and case, e.g. "org.example.QueueTest > takesWhatWasPut". */
  readonly name: string;
  readonly outcome: TestOutcome;
  readonly durationMs: number | undefined;
  /** Of a failed one. */
  readonly failure: TestFailure | undefined;
}

/** What a failed test said. */
export interface TestFailure {
  /** Its first line is what a person would read. */
  readonly message: string;
  /** The runner's details: stack trace, diff, log; "" where there are none. */
  readonly details: string;
}

/** What the result files, or the output, of one run say. */
export interface SuiteResult {
  /** "junit", "tap", "go"; the reader's name. */
  readonly format: string;
  /** Where it was read: paths of files, or "output". */
  readonly sources: readonly string[];
  readonly tests: readonly TestResult[];
  /** Of sources that could not be read, or not to their end: a sentence each that names file and place. */
  readonly warnings: readonly string[];
}

/** What makes two failures the same one. */
export interface FailureSignature {
  /** 12 hexadecimal digits: of `message` and `frames`. */
  readonly id: string;
  /** The message without what chance changes: addresses, numbers, times, temporary names. */
  readonly message: string;
  /** The top frames of the program's own code, without line numbers; empty where no stack was told. */
  readonly frames: readonly string[];
}

/** One failure of one run: of a test, or of the run as a whole. */
export interface RunFailure {
  /** The test's name; undefined: the run itself, by its exit code and the tail of its output. */
  readonly test: string | undefined;
  readonly signature: FailureSignature;
  /** The message's first line as it was told, for people. */
  readonly title: string;
}
