import { NmzError } from "../../util/index.js";
import type { TestFailure, TestOutcome, TestResult } from "../verdict.js";
import { stableName } from "./stable-name.js";
import { headAndTail, maximumDetailsLength, maximumMessageLength } from "./text-limits.js";

/** As many tests as one run may have: each costs about 200 bytes. */
export const maximumTests = 250_000;

export function tooManyTests(): NmzError {
  return new NmzError("NMZ_VERDICT_TOO_MANY_TESTS", `there are more than ${maximumTests} tests`, {
    hint: "name the result files that matter with --results",
  });
}

/** What the texts of all failures of one run may take together, in characters. */
const failureTextBudget = 16 * 1024 * 1024;

const weight: Readonly<Record<TestOutcome, number>> = { skipped: 0, passed: 1, failed: 2 };

/**
 * The tests of one run, each name once. A name that comes again is the same test once more: tried again after a failure
 * (surefire's rerunFailingTestsCount, gotestsum --rerun-fails, pytest-rerunfailures), or told by two files. It failed if any
 * of them failed, for a failure that did not come again is what a campaign looks for.
 */
export class TestTable {
  readonly #tests = new Map<string, TestResult>();
  #textBudget = failureTextBudget;

  get size(): number {
    return this.#tests.size;
  }

  /** Returns the test's name as it is kept. Throws NMZ_VERDICT_TOO_MANY_TESTS. */
  add(test: TestResult): string {
    const name = stableName(test.name);
    const earlier = this.#tests.get(name);
    if (earlier === undefined && this.#tests.size >= maximumTests) {
      throw tooManyTests();
    }
    const failure = test.failure === undefined ? undefined : this.#kept(test.failure);
    const now = { ...test, name, failure };
    const isWorse = earlier === undefined || weight[test.outcome] > weight[earlier.outcome];
    this.#tests.set(name, isWorse ? now : earlier);
    return name;
  }

  tests(): TestResult[] {
    return [...this.#tests.values()];
  }

  has(name: string): boolean {
    return this.#tests.has(stableName(name));
  }

  #kept(failure: TestFailure): TestFailure {
    const message = headAndTail(failure.message, maximumMessageLength);
    const details = headAndTail(failure.details, this.#textBudget > 0 ? maximumDetailsLength : 0);
    this.#textBudget -= message.length + details.length;
    return {
      message: this.#textBudget > 0 ? message : message.slice(0, 200),
      details: this.#textBudget > 0 ? details : "",
    };
  }
}
