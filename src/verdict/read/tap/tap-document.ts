import { Parser, type Result } from "tap-parser";
import type { TestResult } from "../../verdict.js";
import { BoundedText } from "../text-limits.js";
import { diagnosisOf, tapFailure } from "./tap-failure.js";
import { YamlBlocks } from "./yaml-blocks.js";

/** Of what stands behind a failed test point without being YAML. */
const maximumRemarksLength = 8 * 1024;

interface FinalResults {
  readonly count: number;
  readonly bailout: unknown;
  readonly plan: { readonly start: number | null; readonly end: number | null };
}

/** A failed test, whose remarks may follow. */
interface PendingFailure {
  readonly test: Omit<TestResult, "failure">;
  readonly result: Result;
  readonly remarks: BoundedText;
}

/** One TAP document. */
export class TapDocument {
  readonly #parser = new Parser({ strict: false });
  #pending: PendingFailure | undefined;
  #bailout: string | undefined;
  /** Whether it, or a subtest, has fewer points than it planned, or never came to its plan. */
  #isCut = false;
  #isEnding = false;
  #tests = 0;
  #hasText = false;
  readonly #yaml = new YamlBlocks();
  #failures = 0;

  /** `names`: what the document is called, for the names of its tests. */
  constructor(
    names: readonly string[],
    readonly onTest: (test: TestResult) => void,
  ) {
    this.#watch(this.#parser, names);
    this.#parser.on("extra", (text: string) => this.#pending?.remarks.add(text));
    this.#parser.on("bailout", (reason: string) => {
      this.#bailout ??= reason;
    });
  }

  write(line: string): void {
    if (line.trim() !== "") this.#hasText = true;
    this.#parser.write(`${this.#yaml.mended(line)}\n`);
  }

  /** Whether the document came to its end, which is known by its plan. */
  close(): "whole" | "cut" {
    this.#isEnding = true;
    this.#parser.end();
    this.#tellPending();
    if (this.#bailout !== undefined) {
      const message = `Bail out! ${this.#bailout}`.trim();
      this.onTest({
        name: "Bail out!",
        outcome: "failed",
        durationMs: undefined,
        failure: { message, details: "" },
      });
      return "whole";
    }
    return this.#isCut && this.#hasText ? "cut" : "whole";
  }

  /** `names`: of the tests around these. The name of a subtest is known before its own test point comes. */
  #watch(parser: Parser, names: readonly string[]): void {
    let child: Parser | undefined;
    let failuresBefore = 0;
    parser.on("complete", ({ count, bailout, plan }: FinalResults) => {
      const planned = plan.start === null || plan.end === null ? undefined : plan.end - plan.start + 1;
      const isShort = planned === undefined ? this.#tests > 0 : count < planned;
      if (this.#isEnding && bailout === false && isShort) this.#isCut = true;
    });
    parser.on("comment", (text: string) => this.#pending?.remarks.add(text));
    parser.on("child", (started: Parser) => {
      this.#tellPending();
      child = started;
      failuresBefore = this.#failures;
      this.#watch(started, [...names, nameOf(started.name)]);
    });
    parser.on("assert", (result: Result) => {
      this.#tellPending();
      const hasTests = child !== undefined && child.count > 0;
      child = undefined;
      const isExplained = result.ok || (this.#failures > failuresBefore && !failedByItself(result));
      // Of subtests that were cut nobody knows whether one would have failed.
      const isUnknown = hasTests && this.#isCut;
      if (!(hasTests && isExplained) && !isUnknown) this.#add(names, result);
    });
  }

  #add(names: readonly string[], result: Result): void {
    this.#tests++;
    const isSkipped = Boolean(result.skip) || Boolean(result.todo);
    const name = [...names, nameOf(result.name) || `test ${result.id}`]
      .filter((part) => part !== "")
      .join(" > ");
    const told = diagnosisOf(result)["duration_ms"];
    const durationMs = result.time ?? (typeof told === "number" ? told : undefined);
    if (isSkipped || result.ok) {
      this.onTest({ name, outcome: isSkipped ? "skipped" : "passed", durationMs, failure: undefined });
      return;
    }
    this.#failures++;
    const remarks = new BoundedText(maximumRemarksLength);
    this.#pending = { test: { name, outcome: "failed", durationMs }, result, remarks };
  }

  #tellPending(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    this.onTest({ ...pending.test, failure: tapFailure(pending.result, pending.remarks.text()) });
  }
}

/** node --test says so: a hook failed, or the test's own code did. */
function failedByItself(result: Result): boolean {
  const type = diagnosisOf(result)["failureType"];
  return type !== undefined && type !== "subtestsFailed";
}

function nameOf(description: string): string {
  return description.replace(/^- /, "").trim();
}
