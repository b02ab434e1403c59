import { silentFailure } from "../../silent-failure.js";

/** What the testing package prints around a test's own words. */
const frameLine =
  /^\s*(?:=== (?:RUN|PAUSE|CONT|NAME|ATTR)\b.*|--- (?:FAIL|PASS|SKIP): .*|FAIL|PASS|ok\s.*|exit status \d+|FAIL\t.*|coverage: .*)$/;
/** `    queue_test.go:12: got 3, want 4` */
const logLine = /^\s*[\w./-]+\.go:\d+(?::\d+)?: ?(.*)$/;

/** Whether a text is what the testing package printed about a failed test; gotestsum puts it into JUnit XML. */
export function isGoOutput(text: string): boolean {
  return /^(?:\s*--- FAIL: |FAIL\t)/m.test(text);
}

/** Whether the test itself complained; if not, it failed because a subtest did. */
export function complains(output: string): boolean {
  return output.split("\n").some((line) => line.trim() !== "" && !frameLine.test(line));
}

/** What a failed test of Go says, from its output: a panic, a data race, what testify found, or what t.Error was given. */
export function goMessage(output: string): string {
  const panic = /^(?:panic: |fatal error: ).*/m.exec(output);
  if (panic !== null) return panic[0].replace(/ \[recovered.*$/, "");
  const build = /^FAIL\t.*\[(build|setup) failed\]/m.exec(output);
  const testify = /^\s*Error:\s+(.*(?:\n\s{8,}\t? {3,}\s*\t.*)*)/m.exec(output);
  if (/^\s*Error Trace:/m.test(output) && testify?.[1] !== undefined) return trimmedLines(testify[1]);
  const lines = output.split("\n").filter((line) => !frameLine.test(line) && line.trim() !== "");
  const start = lines.findIndex((line) => logLine.test(line));
  if (output.includes("WARNING: DATA RACE")) return "WARNING: DATA RACE";
  if (start < 0 && build !== null) return `the ${build[1]} failed`;
  const told = lines.slice(Math.max(0, start), Math.max(0, start) + 5);
  return trimmedLines(told.map((line) => logLine.exec(line)?.[1] ?? line).join("\n")) || silentFailure;
}

function trimmedLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim();
}
