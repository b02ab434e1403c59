import { silentFailure } from "../../silent-failure.js";

/** What the testing package prints around a test's own words. */
const frameLine =
  /^\s*(?:=== (?:RUN|PAUSE|CONT|NAME|ATTR)\b.*|--- (?:FAIL|PASS|SKIP): .*|FAIL|PASS|ok\s.*|exit status \d+|FAIL\t.*|coverage: .*)$/;
/** `    queue_test.go:12: got 3, want 4` */
const logLine = /^\s*[\w./-]+\.go:\d+(?::\d+)?: ?(.*)$/;

/** Whether a text is what the testing package printed about a failed test; gotestsum puts it into JUnit XML. */
export function isGoOutput(text: string): boolean {
  return /^(?:[ \t]*--- FAIL: |FAIL\t)/m.test(text);
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
  const testify = testifyMessage(output);
  if (testify !== undefined) return testify;
  const lines = output.split("\n").filter((line) => !frameLine.test(line) && line.trim() !== "");
  const start = lines.findIndex((line) => logLine.test(line));
  if (output.includes("WARNING: DATA RACE")) return "WARNING: DATA RACE";
  if (start < 0 && build !== null) return `the ${build[1]} failed`;
  const told = lines.slice(Math.max(0, start), Math.max(0, start) + 5);
  return trimmedLines(told.map((line) => logLine.exec(line)?.[1] ?? line).join("\n")) || silentFailure;
}

/** What testify's assertions found: behind "Error:", and in the lines below it that have no label. */
function testifyMessage(output: string): string | undefined {
  const lines = output.split("\n");
  if (!lines.some((line) => /^[ \t]*Error Trace:/.test(line))) return undefined;
  const at = lines.findIndex((line) => /^[ \t]*Error:[ \t]/.test(line));
  if (at < 0) return undefined;
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => !/^ *\t {10,}\t/.test(line));
  const told = [
    (lines[at] ?? "").replace(/^[ \t]*Error:/, ""),
    ...rest.slice(0, end < 0 ? rest.length : end),
  ];
  return trimmedLines(told.slice(0, 10).join("\n"));
}

function trimmedLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .trim();
}
