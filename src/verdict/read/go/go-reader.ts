import { linesOf } from "../lines.js";
import { cutShort } from "../read-problem.js";
import type { ReadRequest } from "../test-reader.js";
import { maximumTests, tooManyTests } from "../test-table.js";
import { BoundedText, maximumDetailsLength } from "../text-limits.js";
import { type GoEvent, goEventOf } from "./go-event.js";
import { complains, goMessage } from "./go-message.js";

type Outcome = "passed" | "failed" | "skipped";

const ends: Readonly<Record<string, Outcome>> = {
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
  hasFailed: boolean;
  /** Tests below which one failed. */
  readonly failedBelow: Set<string>;
  /** Failed subtests that said nothing, by the test around them, until that ends. */
  readonly silent: Map<string, string[]>;
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
  /** Packages and tests that began and were not told yet: nobody else limits these. */
  #held = 0;

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
    this.#hold();
    const opened: OpenPackage = {
      name,
      tests: new Map(),
      output: new BoundedText(maximumDetailsLength),
      hasFailed: false,
      failedBelow: new Set(),
      silent: new Map(),
    };
    this.#packages.set(name, opened);
    return opened;
  }

  #testOf(open: OpenPackage, name: string): OpenTest {
    const known = open.tests.get(name);
    if (known !== undefined) return known;
    this.#hold();
    const test = { name, output: new BoundedText(maximumDetailsLength) };
    open.tests.set(name, test);
    return test;
  }

  #hold(): void {
    if (++this.#held > maximumTests) throw tooManyTests();
  }

  #endTest(open: OpenPackage, name: string, told: Outcome, durationMs: number | undefined): void {
    const details = open.tests.get(name)?.output.text() ?? "";
    open.tests.delete(name);
    if (told !== "failed") {
      this.#tell(`${open.name} > ${name}`, told, durationMs, undefined);
      return;
    }
    open.hasFailed = true;
    const hasFailedSubtest = open.failedBelow.delete(name);
    const parent = parentOf(name);
    if (parent !== undefined) open.failedBelow.add(parent);
    const silent = open.silent.get(name) ?? [];
    open.silent.delete(name);
    const isSilent = !complains(details);
    if (isSilent && parent !== undefined) {
      const before = open.silent.get(parent) ?? [];
      for (const subtest of hasFailedSubtest ? silent : [name]) before.push(subtest);
      open.silent.set(parent, before);
    } else for (const subtest of silent) this.#fail(open, subtest, details);
    // Where a subtest panics, it is the test around it that prints the panic.
    const isExplained = hasFailedSubtest && (isSilent || silent.length > 0);
    if (isExplained) this.#tell(`${open.name} > ${name}`, "passed", durationMs, undefined);
    else if (!isSilent || parent === undefined) this.#fail(open, name, details, durationMs);
  }

  #endPackage(open: OpenPackage, outcome: Outcome): void {
    this.#packages.delete(open.name);
    this.#held -= 1;
    if (outcome !== "failed") return;
    const told = open.output.text();
    for (const subtest of [...open.silent.values()].flat()) this.#fail(open, subtest, told);
    // The process went away under these: a panic, or os.Exit. The innermost began last.
    for (const { name, output } of [...open.tests.values()].reverse()) {
      const parent = parentOf(name);
      if (parent !== undefined) open.failedBelow.add(parent);
      if (!open.failedBelow.has(name)) this.#fail(open, name, output.text() + told);
      open.hasFailed = true;
    }
    if (!open.hasFailed)
      this.#tell(open.name, "failed", undefined, { message: goMessage(told), details: told });
  }

  #fail(open: OpenPackage, test: string, details: string, durationMs?: number): void {
    this.#tell(`${open.name} > ${test}`, "failed", durationMs, { message: goMessage(details), details });
  }

  #tell(
    name: string,
    outcome: Outcome,
    durationMs: number | undefined,
    failure: { message: string; details: string } | undefined,
  ): void {
    this.#tests++;
    this.#held--;
    this.request.onTest({ name, outcome, durationMs, failure });
  }
}

function parentOf(test: string): string | undefined {
  const end = test.lastIndexOf("/");
  return end < 0 ? undefined : test.slice(0, end);
}
