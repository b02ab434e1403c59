import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countParts, countTests } from "../../../scripts/count-tests.js";

const file = (status: string, ...tests: string[]) => ({
  name: `${process.cwd()}/test/unit/some.test.ts`,
  status,
  message: "",
  assertionResults: tests.map((test) => ({ status: test, fullName: `Some is ${test}`, failureMessages: [] })),
});

describe("countTests", () => {
  it("counts passed, failed and everything else as skipped", () => {
    const report = { testResults: [file("failed", "passed", "failed", "skipped"), file("passed", "todo")] };
    expect(countTests(report)).toEqual({ passed: 1, failed: 1, skipped: 2 });
  });

  it("counts a file that fails before its tests as one failure", () => {
    expect(countTests({ testResults: [file("failed")] })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe("countParts", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nmzc-count-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const leave = (part: string, status: number, ...files: ReturnType<typeof file>[]) => {
    writeFileSync(`${folder}/${part}.json`, JSON.stringify({ testResults: files }));
    writeFileSync(`${folder}/${part}.status`, `${status}\n`);
  };

  it("adds up the parts", () => {
    leave("unit", 0, file("passed", "passed"));
    leave("e2e", 1, file("failed", "failed", "passed"));
    expect(countParts(folder, ["unit", "e2e"]).counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
  });

  it("counts a part that was killed as one failure", () => {
    writeFileSync(`${folder}/unit.status`, "124\n");
    expect(countParts(folder, ["unit"])).toEqual({
      counts: { passed: 0, failed: 1, skipped: 0 },
      failures: [{ where: "unit tests", reason: "no report: ended with status 124" }],
    });
  });

  it("counts an error outside the tests as one failure", () => {
    leave("unit", 1, file("passed", "passed"));
    expect(countParts(folder, ["unit"])).toEqual({
      counts: { passed: 1, failed: 1, skipped: 0 },
      failures: [{ where: "unit tests", reason: "an error outside the tests: status 1" }],
    });
  });
});
