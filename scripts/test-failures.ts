import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Report } from "./count-tests.js";

/** One line of what failed: a test by its file and name, or a whole file, part or check. */
export interface Failure {
  readonly where: string;
  readonly reason: string;
}

const longestReason = 300;

/** Every failed test of a report; a file without one that failed all the same stands for itself. */
export function failuresOf(report: Report, root: string = process.cwd()): readonly Failure[] {
  return report.testResults.flatMap((file) => {
    const path = relative(root, file.name);
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    if (failed.length === 0) {
      return file.status === "failed" ? [{ where: path, reason: firstLine(file.message) }] : [];
    }
    return failed.map(({ fullName, failureMessages }) => ({
      where: `${path} > ${fullName.trim()}`,
      reason: firstLine(failureMessages?.[0]),
    }));
  });
}

/** What scripts/test ends with: one line a failure, then the counts, which whoever runs it reads. */
export function summaryText(
  counts: { readonly passed: number; readonly failed: number; readonly skipped: number },
  failures: readonly Failure[],
): string {
  const lines = failures.map(({ where, reason }) => `FAILED ${where}: ${reason}\n`);
  return `${lines.join("")}${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
}

function firstLine(message: string | undefined): string {
  const lines = stripVTControlCharacters(message ?? "").split("\n");
  const line = lines.map((text) => text.trim()).find((text) => text !== "") ?? "no reason given";
  return line.length <= longestReason ? line : `${line.slice(0, longestReason)}…`;
}
