import { linesOf } from "../lines.js";
import { cutShort } from "../read-problem.js";
import type { ReadRequest } from "../test-reader.js";
import { BoundedText, maximumDetailsLength } from "../text-limits.js";
import { type GoEvent, goEventOf } from "./go-event.js";
import { complains, goMessage } from "./go-message.js";

const ends: Readonly<Record<string, "passed" | "failed" | "skipped">> = {
  pass: "passed",
  fail: "failed",
  skip: "skipped",
};

interface OpenTest {
  readonly name: string;
  readonly output: BoundedText;
}

interface OpenPackage {
  readonly name: string;
  /** Those that have started and not ended, by name. */
  readonly tests: Map<string, OpenTest>;
  /** What belongs to no test: a failed build, a panic in init, TestMain. */
  readonly output: BoundedText;
  /** Names of failed tests, to know a parent that failed by its subtests alone. */
  readonly failed: Set<string>;
}

/**
 * The lines of `go test -json`, among which others may be. A test with subtests counts for its own body: where a subtest
 * failed and it said nothing itself, it passed. A package that failed without a failed test (its build, a panic in init, os.Exit)
 * is a failed test of the package's name.
 */
export async function readGo(request: ReadRequest): Promise<void> {
  const results = new GoResults(request);
  let line = 0;
  for await (const { number, text } of linesOf(request.chunks)) {
    line = number;
    const event = goEventOf(text);
    if (event !== undefined) results.add(event);
  }
  results.close(line);
}

class GoResults {
  readonly #packages = new Map<string, OpenPackage>();
  #tests = 0;

  constructor(readonly request: ReadRequest) {}

  add(event: GoEvent): void {
    const open = this.#packageOf(event.package);
    const outcome = ends[event.action];
    if (event.test === undefined) {
      if (event.action === "output" || event.action === "build-output") open.output.add(event.output);
      else if (outcome !== undefined) this.#endPackage(open, outcome);
      return;
    }
    const test = this.#testOf(open, event.test);
    if (event.action === "output") test.output.add(event.output);
    else if (outcome !== undefined) this.#endTest(open, event.test, outcome, event.elapsedMs);
  }

  close(line: number): void {
    const open = [...this.#packages.values()].some(({ tests }) => tests.size > 0);
    if (open) this.request.onWarning(cutShort(this.request.source, `line ${line}`, this.#tests));
  }

  #packageOf(name: string): OpenPackage {
    const known = this.#packages.get(name);
    if (known !== undefined) return known;
    const output = new BoundedText(maximumDetailsLength);
    const opened = { name, tests: new Map<string, OpenTest>(), output, failed: new Set<string>() };
    this.#packages.set(name, opened);
    return opened;
  }

  #testOf(open: OpenPackage, name: string): OpenTest {
    const known = open.tests.get(name);
    if (known !== undefined) return known;
    const test = { name, output: new BoundedText(maximumDetailsLength) };
    open.tests.set(name, test);
    return test;
  }

  #endTest(
    open: OpenPackage,
    name: string,
    told: "passed" | "failed" | "skipped",
    durationMs: number | undefined,
  ): void {
    const details = open.tests.get(name)?.output.text() ?? "";
    open.tests.delete(name);
    if (told === "failed") open.failed.add(name);
    const hasFailedSubtest = [...open.failed].some((other) => other.startsWith(`${name}/`));
    const outcome = told === "failed" && hasFailedSubtest && !complains(details) ? "passed" : told;
    const failure = outcome === "failed" ? { message: goMessage(details), details } : undefined;
    this.#tell(`${open.name} > ${name}`, outcome, durationMs, failure);
  }

  #endPackage(open: OpenPackage, outcome: "passed" | "failed" | "skipped"): void {
    this.#packages.delete(open.name);
    if (outcome !== "failed") return;
    // The process went away under these: a panic, or os.Exit. The innermost comes last and is told first.
    for (const { name, output } of [...open.tests.values()].reverse()) {
      const details = output.text() + open.output.text();
      const isParent = [...open.failed].some((other) => other.startsWith(`${name}/`));
      if (isParent) continue;
      open.failed.add(name);
      this.#tell(`${open.name} > ${name}`, "failed", undefined, { message: goMessage(details), details });
    }
    if (open.failed.size > 0) return;
    const details = open.output.text();
    this.#tell(open.name, "failed", undefined, { message: goMessage(details), details });
  }

  #tell(
    name: string,
    outcome: "passed" | "failed" | "skipped",
    durationMs: number | undefined,
    failure: { message: string; details: string } | undefined,
  ): void {
    this.#tests++;
    this.request.onTest({ name, outcome, durationMs, failure });
  }
}
