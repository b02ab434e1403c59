import { readFileSync } from "node:fs";

/** What is read of vitest's JSON report (the shape is jest's). */
interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
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
 * Adds up `<folder>/<part>.json` of every part. A part that left no report was killed, and one that passed every test
 * but did not exit with 0 (`<part>.status`) had an error outside them: one failure each.
 */
export function countParts(folder: string, parts: readonly string[]): Counts {
  let [passed, failed, skipped] = [0, 0, 0];
  for (const part of parts) {
    let counts: Counts = { passed: 0, failed: 1, skipped: 0 };
    try {
      counts = countTests(JSON.parse(readFileSync(`${folder}/${part}.json`, "utf8")) as Report);
    } catch {
      process.stderr.write(`the ${part} tests left no report\n`);
    }
    const isClean = readFileSync(`${folder}/${part}.status`, "utf8").trim() === "0";
    passed += counts.passed;
    failed += counts.failed || (isClean ? 0 : 1);
    skipped += counts.skipped;
  }
  return { passed, failed, skipped };
}
