import { withoutColour } from "../plain-text.js";
import type { TestFailure } from "../verdict.js";

/** As much of the output's end is looked at, in characters. */
const lookedAt = 64 * 1024;
const maximumDetailsLines = 400;
const maximumLineLength = 2000;

/** A line with which a program says why it ends, and where the message is in it. */
const complaints: readonly RegExp[] = [
  // Java, with or without "Exception in thread"; .NET is alike.
  /^(?:Exception in thread "[^"]*" )?((?:[a-zA-Z_$][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable|Failure)\w*(?:: .*)?)$/,
  // Python's last line of a traceback, JavaScript's first line of a stack.
  /^(?:Uncaught )?((?:[a-zA-Z_][\w]*\.)*[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Warning)(?: \[\w+\])?(?:: .*)?)$/,
  /^E {3}((?:[a-zA-Z_][\w]*\.)*[A-Z]\w*(?:Error|Exception)(?:: .*)?)$/,
  // Go
  /^((?:panic|fatal error): .*)$/,
  /^(WARNING: DATA RACE)$/,
  // Rust: since 1.73 the message is in the next line.
  /^thread '.*' (?:\(\d+\) )?(panicked at .*)$/,
  // assert(3), terminate, sanitizers, kernels and shells
  /^(?:\S+: )?\S+:\d+: .*: (Assertion [`'].*' failed\.?)$/,
  /^(terminate called .*)$/,
  /^(?:=+\d+=+ ?)?((?:ERROR|WARNING): (?:Address|Thread|Memory|Leak|UndefinedBehavior)Sanitizer: .*)$/,
  /^(\S+:\d+:\d+: runtime error: .*)$/,
  /^(?:.*: )?((?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception)(?: \(core dumped\))?)$/,
  /^(\*\*\* .* \*\*\*: terminated)$/,
];

/** Lines that stand above the complaint and belong to it. */
const isTraceback = /^Traceback \(most recent call last\):/;

/** The last exception, panic, failed assertion or sanitizer's report in a program's output; undefined: there is none. */
export function lastComplaint(output: string): TestFailure | undefined {
  const lines = withoutColour(output.slice(-lookedAt))
    .split("\n")
    .map((line) => line.slice(0, maximumLineLength).trimEnd());
  for (let at = lines.length - 1; at >= 0; at--) {
    const message = messageAt(lines, at);
    if (message === undefined) continue;
    const start = startOf(lines, at);
    return { message, details: lines.slice(start, at + maximumDetailsLines).join("\n") };
  }
  return undefined;
}

function messageAt(lines: readonly string[], at: number): string | undefined {
  const line = lines[at] ?? "";
  for (const complaint of complaints) {
    const message = complaint.exec(line)?.[1];
    if (message === undefined) continue;
    const next = lines[at + 1] ?? "";
    if (/^panicked at \S+:\d+:\d+:$/.test(message)) return `panicked: ${next}`;
    // terminate says what() in the next line.
    return /^terminate called/.test(message) && next.startsWith("  what():")
      ? `${message}\n${next.trim()}`
      : message;
  }
  return undefined;
}

/** Where the traceback above begins, if this complaint is Python's. */
function startOf(lines: readonly string[], at: number): number {
  for (let above = at - 1; above >= 0 && above >= at - maximumDetailsLines; above--) {
    const line = lines[above] ?? "";
    if (isTraceback.test(line)) return above;
    // A traceback's lines are indented; anything else ends the look upwards.
    if (line !== "" && !/^\s/.test(line)) return at;
  }
  return at;
}

/** A test point of TAP with a name; where the output is TAP with other things in it, it was not read as results. */
const failedPoint = /^not ok(?: \d+)?(?: -)? [^\d\s#-]/;
/** What ends such an output and does not say what failed. */
const saysNothing = /^(?:(?:not )?ok(?: \d+)?|1\.\.\d+|#.*|\.\.\.|---|)$/;

/** The last line that says something: below TAP's counts the last test point that failed. */
export function lastLine(output: string): string {
  const lines = withoutColour(output.slice(-lookedAt)).trimEnd().split("\n");
  const last = lines.at(-1)?.trim() ?? "";
  if (!saysNothing.test(last)) return last;
  return lines.findLast((line) => failedPoint.test(line.trim()))?.trim() ?? last;
}
