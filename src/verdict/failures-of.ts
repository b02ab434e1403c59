import { printable } from "../util/index.js";
import { withoutColour } from "./plain-text.js";
import { lastComplaint, lastLine } from "./signature/output-failure.js";
import { signatureOf } from "./signature/signature-of.js";
import { silentFailure } from "./silent-failure.js";
import type { RunFailure, SuiteResult, TestFailure } from "./verdict.js";

/** How a run ended, for a run whose tests tell nothing. */
export interface RunEnd {
  /** Undefined: it was ended by a timeout, which is no failure. */
  readonly exitCode: number | undefined;
  /** The end of what it printed. */
  readonly outputTail: string;
}

/** As many failures of one run are told: a run in which everything fails is one failure, not 10,000. */
const maximumFailures = 1000;
const maximumTitleLength = 300;

/**
 * The failures of one run: of each test that failed; where none did although the exit code is not 0, of the run itself, by its exit
 * code and the last exception, panic or assertion in its output, or its last line. A run that ended with 0 has failed all
 * the same if a test of it did (it was tried again until it passed).
 */
export function failuresOf(suites: readonly SuiteResult[], end: RunEnd): RunFailure[] {
  const failures: RunFailure[] = [];
  const names = new Set<string>();
  for (const { name, outcome, failure } of suites.flatMap(({ tests }) => tests)) {
    if (outcome !== "failed" || names.has(name) || failures.length >= maximumFailures) continue;
    names.add(name);
    failures.push(failureOf(name, failure ?? { message: silentFailure, details: "" }));
  }
  if (failures.length > 0 || end.exitCode === undefined || end.exitCode === 0) return failures;
  const told = lastComplaint(end.outputTail) ?? { message: lastLine(end.outputTail), details: "" };
  const message = `${exitText(end.exitCode)}${told.message === "" ? "" : `: ${told.message}`}`;
  return [failureOf(undefined, { message, details: told.details || message })];
}

function failureOf(test: string | undefined, { message, details }: TestFailure): RunFailure {
  const title = message.split("\n").find((line) => line.trim() !== "") ?? silentFailure;
  // Two tests that say nothing do not fail alike.
  const told = message === silentFailure && test !== undefined ? `${test} ${message}` : message;
  const plainTitle = printable(withoutColour(title)).trim().slice(0, maximumTitleLength);
  return { test, signature: signatureOf(told, details), title: plainTitle };
}

/** Shells and engines tell of a signal as 128 and its number. */
const signals: Readonly<Record<number, string>> = {
  130: "SIGINT",
  132: "SIGILL",
  133: "SIGTRAP",
  134: "SIGABRT",
  135: "SIGBUS",
  136: "SIGFPE",
  137: "SIGKILL",
  139: "SIGSEGV",
  141: "SIGPIPE",
  143: "SIGTERM",
};

function exitText(exitCode: number): string {
  const signal = signals[exitCode];
  return signal === undefined ? `exit code ${exitCode}` : `exit code ${exitCode} (${signal})`;
}
