import { silentFailure } from "../../silent-failure.js";
import type { TestResult } from "../../verdict.js";

/**
 * Go's tests in JUnit XML (gotestsum, go-junit-report) as the reader of `go test -json` has them: a test that failed only because a
 * subtest did passed, and what a panic printed belongs to the subtest that did not say anything.
 */
export function withGoParents(tests: readonly TestResult[]): TestResult[] {
  const byName = new Map(tests.map((test) => [test.name, test]));
  for (const test of tests) {
    const parent = byName.get(test.name.slice(0, Math.max(0, test.name.lastIndexOf("/"))));
    if (!isGo(test) || parent?.failure === undefined || !isGo(parent)) continue;
    const isTold = test.failure?.message === silentFailure && parent.failure.message !== silentFailure;
    if (isTold) byName.set(test.name, { ...test, failure: parent.failure });
    if (isTold || parent.failure.message === silentFailure) {
      byName.set(parent.name, { ...parent, outcome: "passed", failure: undefined });
    }
  }
  return [...byName.values()];
}

function isGo({ failure }: TestResult): boolean {
  return failure !== undefined && /^[ \t]*--- FAIL: /m.test(failure.details);
}
