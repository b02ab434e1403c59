import { describe, expect, it } from "vitest";
import { failuresOf, summaryText } from "../../../scripts/test-failures.js";

const test = (status: string, fullName: string, ...failureMessages: string[]) => ({
  status,
  fullName,
  failureMessages,
});
const file = (status: string, message: string, ...assertionResults: ReturnType<typeof test>[]) => ({
  name: "/repo/test/unit/some.test.ts",
  status,
  message,
  assertionResults,
});

describe("failuresOf", () => {
  it("names file, test and the first line of the error", () => {
    const failed = test(
      "failed",
      " Some goes on",
      "\u001b[31mAssertionError: expected 1 to be 2\u001b[39m\n    at x.ts:1",
    );
    const report = { testResults: [file("failed", "", test("passed", "Some stays"), failed)] };
    expect(failuresOf(report, "/repo")).toEqual([
      { where: "test/unit/some.test.ts > Some goes on", reason: "AssertionError: expected 1 to be 2" },
    ]);
  });

  it("names a file that failed before its tests", () => {
    const report = { testResults: [file("failed", "\nCannot find module 'x'\nat y")] };
    expect(failuresOf(report, "/repo")).toEqual([
      { where: "test/unit/some.test.ts", reason: "Cannot find module 'x'" },
    ]);
  });

  it("has something to say of a failure without words, and cuts a long one", () => {
    const report = {
      testResults: [file("failed", "", test("failed", "a"), test("failed", "b", "x".repeat(5000)))],
    };
    const [wordless, long] = failuresOf(report, "/repo");
    expect(wordless?.reason).toBe("no reason given");
    expect(long?.reason).toHaveLength(301);
  });
});

describe("summaryText", () => {
  it("ends with the counts, whatever failed", () => {
    const failures = [{ where: "check types", reason: "see its output above" }];
    expect(summaryText({ passed: 3, failed: 1, skipped: 2 }, failures)).toBe(
      "FAILED check types: see its output above\n3 passed, 1 failed, 2 skipped\n",
    );
  });
});
