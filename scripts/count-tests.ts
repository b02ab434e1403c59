import { readFileSync } from "node:fs";
import { type Failure, failuresOf } from "./test-failures.js";

/** What is read of vitest's JSON report (the shape is jest's). */
export interface Report {
  readonly testResults: readonly {
    /** The file, absolute. */
    readonly name: string;
    readonly status: string;
    /** Why the file failed as a whole. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts the tests of one report. A file that fails as a whole, before or beside its tests, is one failure. */
export function countTests(report: Report): Counts {
  let [passed, failed, skipped] = [0, 0, 0];
  for (const file of report.testResults) {
    const of = (status: string) => file.assertionResults.filter((test) => test.status === status).length;
    passed += of("passed");
    failed += of("failed") || (file.status === "failed" ? 1 : 0);
    skipped += file.assertionResults.length - of("passed") - of("failed");
  }
  return { passed, failed, skipped };
}

/**
 * Adds up `<folder>/<part>.json` of every part and says what failed. A part that left no report was killed, and one
 * that passed every test but did not exit with 0 (`<part>.status`) had an error outside them: one failure each.
 */
export function countParts(
  folder: string,
  parts: readonly string[],
): { readonly counts: Counts; readonly failures: readonly Failure[] } {
  let [passed, failed, skipped] = [0, 0, 0];
  const failures: Failure[] = [];
  for (const part of parts) {
    const status = readFileSync(`${folder}/${part}.status`, "utf8").trim();
    const report = readReport(`${folder}/${part}.json`);
    if (report === undefined) {
      failed += 1;
      failures.push({ where: `${part} tests`, reason: `no report: ended with status ${status}` });
      continue;
    }
    const counts = countTests(report);
    const isBroken = counts.failed === 0 && status !== "0";
    passed += counts.passed;
    failed += counts.failed + (isBroken ? 1 : 0);
    skipped += counts.skipped;
    failures.push(...failuresOf(report));
    if (isBroken)
      failures.push({ where: `${part} tests`, reason: `an error outside the tests: status ${status}` });
  }
  return { counts: { passed, failed, skipped }, failures };
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return undefined;
  }
}
