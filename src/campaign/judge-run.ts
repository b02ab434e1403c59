import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { failuresOf, type RunFailure, readSuite } from "../verdict/index.js";
import type { TestCounts } from "./format/index.js";

/** What a run says about its tests. */
export interface RunVerdict {
  /** None: it passed. */
  readonly failures: readonly RunFailure[];
  /** Undefined where no test results were found. */
  readonly tests: TestCounts | undefined;
  /** Tests that passed or failed. */
  readonly testNames: readonly string[];
  /** What was wrong with the result files. */
  readonly warnings: readonly string[];
}

/** What a run left. */
export interface RunTraces {
  readonly exitCode: number;
  readonly resultFiles: readonly string[];
  /** The workload's own output. */
  readonly outputFile: string;
  /** False: its middle is missing, so that results in it cannot be counted. */
  readonly isOutputWhole: boolean;
}

/** Enough for the last words of any program. */
const tailBytes = 128 << 10;

/** Throws what the file system throws where the output cannot be read. */
export async function judgeRun({
  exitCode,
  resultFiles,
  outputFile,
  isOutputWhole,
}: RunTraces): Promise<RunVerdict> {
  const suites = await readSuite(resultFiles, isOutputWhole ? outputFile : undefined);
  const failures = failuresOf(suites, { exitCode, outputTail: exitCode === 0 ? "" : tailOf(outputFile) });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const testNames: string[] = [];
  for (const { name, outcome } of suites.flatMap(({ tests }) => tests)) {
    counts[outcome] += 1;
    if (outcome !== "skipped") testNames.push(name);
  }
  const hasTests = counts.passed + counts.failed + counts.skipped > 0;
  const warnings = suites.flatMap((suite) => suite.warnings ?? []);
  return { failures, tests: hasTests ? counts : undefined, testNames, warnings };
}

function tailOf(path: string): string {
  const fd = openSync(path, "r");
  try {
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    const count = readSync(fd, tail, 0, tail.length, size - tail.length);
    return tail.subarray(0, count).toString("utf8");
  } finally {
    closeSync(fd);
  }
}
