import { inspect } from "node:util";
import type { Result } from "tap-parser";
import { silentFailure } from "../../silent-failure.js";
import type { TestFailure } from "../../verdict.js";

type Diagnosis = Readonly<Record<string, unknown>>;

/** The YAML block behind a test point; empty where there is none. */
export function diagnosisOf(result: Result): Diagnosis {
  const value: unknown = result.diag;
  return typeof value === "object" && value !== null ? (value as Diagnosis) : {};
}

/**
 * What a failed test point says. node --test has error, name and stack in YAML; vitest an error with name and message, and a
 * place; tap message or diff, and stack; tape and tap 0.x only two values and stack. Test::More has comments behind the point, mocha and bats indented lines or comments.
 */
export function tapFailure(result: Result, remarks: string): TestFailure {
  const diagnosis = diagnosisOf(result);
  const inner =
    typeof diagnosis["error"] === "object" && diagnosis["error"] !== null
      ? (diagnosis["error"] as Diagnosis)
      : {};
  const told =
    textOf(diagnosis["error"]) ??
    textOf(inner["message"]) ??
    textOf(diagnosis["message"]) ??
    textOf(diagnosis["diff"]) ??
    twoValues(diagnosis);
  if (told === undefined) return remarked(remarks);
  const name = textOf(diagnosis["name"]) ?? textOf(inner["name"]);
  const message =
    name !== undefined && /Error$|Exception$/.test(name) && !told.startsWith(name)
      ? `${name}: ${told}`
      : told;
  const frames = [...framesIn(diagnosis["stack"] ?? inner["stack"]), ...framesIn(diagnosis["at"])];
  return { message: message.trim(), details: frames.length === 0 ? "" : `${message}\n${frames.join("\n")}` };
}

/** What was and what should have been. A comment behind it is the next test's name. */
function twoValues(diagnosis: Diagnosis): string | undefined {
  for (const [was, should] of valueNames) {
    if (!(was in diagnosis && should in diagnosis)) continue;
    return `${was} ${valueText(diagnosis[was])}, ${should} ${valueText(diagnosis[should])}`;
  }
  return undefined;
}

const valueNames = [
  ["actual", "expected"],
  ["found", "wanted"],
] as const;

const longestValue = 200;

function valueText(value: unknown): string {
  const text = typeof value === "string" ? value.trim() : inspect(value, { breakLength: Infinity });
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** node --test, vitest and tap write frames without "at"; tape begins with the error, tap 0.x has a list. */
function framesIn(stack: unknown): string[] {
  const text = Array.isArray(stack) ? stack.join("\n") : (textOf(stack) ?? "");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const marked = lines.filter((line) => /^\s*at /.test(line));
  return marked.length > 0 ? marked : lines.map((line) => `    at ${line.trim()}`);
}

function remarked(remarks: string): TestFailure {
  const lines = remarks
    .split("\n")
    .map((line) => line.replace(/^\s*# ?/, ""))
    // Test::More's own words around what was got and expected, and node's comments on what comes next.
    .filter(
      (line) =>
        !/^\s*(?:Failed (?:\(TODO\) )?test\b|at \S+ line \d+\.|Looks like you |Subtest: |tests \d|pass \d|fail \d)/.test(
          line,
        ),
    );
  const details = lines.join("\n").trim();
  const end = lines.findIndex((line) => /^\s+at /.test(line));
  const message = (end < 0 ? lines : lines.slice(0, end)).filter((line) => line.trim() !== "").slice(0, 10);
  return { message: message.map((line) => line.trim()).join("\n") || silentFailure, details };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
