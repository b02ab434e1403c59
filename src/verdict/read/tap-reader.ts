import { Parser, type Result } from "tap-parser";
import { withoutColour } from "../plain-text.js";
import type { TestFailure } from "../verdict.js";
import { linesOf } from "./lines.js";
import { cutShort } from "./read-problem.js";
import type { ReadRequest } from "./test-reader.js";
import { maximumTests } from "./test-table.js";

/** A longer line is no test point and no diagnostic that a person reads. */
const maximumLineLength = 16 * 1024;

/**
 * TAP 12 to 14 (https://testanything.org), subtests among it, as node --test, tap, prove and bats print it; other lines may stand between.
 * A test point that stands for its subtests is no test of its own, unless it failed although none of them did. A test that is
 * marked TODO is skipped, whatever its outcome.
 */
export async function readTap(request: ReadRequest): Promise<void> {
  const results = new TapResults(request);
  let line = 0;
  for await (const { number, text } of linesOf(request.chunks)) {
    line = number;
    const plain = withoutColour(text);
    if (plain.length <= maximumLineLength) results.write(plain);
  }
  results.close(line);
}

class TapResults {
  readonly #parser = new Parser({ strict: false });
  #tests = 0;
  #bailout: string | undefined;
  #isCut = false;

  constructor(readonly request: ReadRequest) {
    this.#watch(this.#parser, []);
    this.#parser.on("bailout", (reason: string) => {
      this.#bailout ??= reason || "Bail out!";
    });
    this.#parser.on(
      "complete",
      (results: { plan: { start: number | null; end: number | null }; count: number; bailout: unknown }) => {
        const { start, end } = results.plan;
        const planned = start === null || end === null ? undefined : end - start + 1;
        this.#isCut = results.bailout === false && (planned === undefined || results.count < planned);
      },
    );
  }

  write(line: string): void {
    this.#parser.write(`${line}\n`);
  }

  close(line: number): void {
    this.#parser.end();
    const reason = this.#bailout;
    if (reason !== undefined) {
      const failure = { message: `Bail out! ${reason}`, details: "" };
      this.request.onTest({ name: "Bail out!", outcome: "failed", durationMs: undefined, failure });
    } else if (this.#isCut)
      this.request.onWarning(cutShort(this.request.source, `line ${line}`, this.#tests));
  }

  /** `names`: of the tests around these; the name of a subtest is known before its own test point comes. */
  #watch(parser: Parser, names: readonly string[]): void {
    let hasSubtests = false;
    let failuresBefore = 0;
    parser.on("child", (child: Parser) => {
      hasSubtests = true;
      failuresBefore = this.#failures;
      this.#watch(child, [...names, child.name]);
    });
    parser.on("assert", (result: Result) => {
      // tap-parser keeps every point it has seen, to find doubles; the names of 250,000 are enough.
      if (this.#tests > maximumTests) return;
      const isExplained = result.ok || this.#failures > failuresBefore;
      const stands = hasSubtests && isExplained;
      hasSubtests = false;
      if (!stands) this.#tell(names, result);
    });
  }

  #failures = 0;

  #tell(names: readonly string[], result: Result): void {
    const isSkipped = Boolean(result.skip) || Boolean(result.todo);
    const outcome = isSkipped ? "skipped" : result.ok ? "passed" : "failed";
    if (outcome === "failed") this.#failures++;
    this.#tests++;
    const name = [...names, result.name.replace(/^- /, "") || `test ${result.id}`]
      .filter((part) => part !== "")
      .join(" > ");
    const diagnosis = (result.diag ?? {}) as Readonly<Record<string, unknown>>;
    const durationMs = result.time ?? numberOf(diagnosis["duration_ms"]);
    this.request.onTest({
      name,
      outcome,
      durationMs,
      failure: outcome === "failed" ? failureOf(diagnosis) : undefined,
    });
  }
}

/** Of the YAML block behind a test point: node --test has error, code, stack; tap has message or a diff, stack. */
function failureOf(diagnosis: Readonly<Record<string, unknown>>): TestFailure {
  const told = textOf(diagnosis["error"]) ?? textOf(diagnosis["message"]) ?? textOf(diagnosis["diff"]);
  const name = textOf(diagnosis["name"]);
  const message =
    told !== undefined && name?.endsWith("Error") && !told.startsWith(name) ? `${name}: ${told}` : told;
  const stack = textOf(diagnosis["stack"]);
  // node --test writes frames without "at".
  const frames = stack
    ?.split("\n")
    .map((frame) => (/^\s*at /.test(frame) ? frame : `    at ${frame.trim()}`));
  return {
    message: message?.trim() ?? "not ok",
    details: frames === undefined ? "" : `${message ?? ""}\n${frames.join("\n")}`,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
