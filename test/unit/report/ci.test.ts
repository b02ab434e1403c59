import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeOutcome } from "../../../src/campaign/index.js";
import { readReport, renderAnnotations, renderEnv, renderMarkdown } from "../../../src/report/index.js";
import { makeCampaign } from "../../helpers/campaign-folder.js";

const hostile = "\n::set-env name=PATH::/evil\r%0A::error::,:";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-ci-"));
  makeCampaign(folder, { runs: 120, tests: 4, kept: 1, events: 10, hostile });
});
afterAll(() => rmSync(folder, { recursive: true }));

function report(failOn = "any", exitCode = 1, newFailures: readonly string[] = []) {
  storeOutcome(folder, { failOn, exitCode, reason: "why it is so", newFailures });
  return readReport(folder, { hasTraces: false }).data;
}

/** A line as the runner of GitHub's reads it. */
function readCommand(line: string) {
  const [, level, title, text] = /^::(error|warning) title=([^,:]*)::(.*)$/.exec(line) ?? [];
  return { level, title, text };
}

describe("annotations", () => {
  it("are one line for each failure, whatever a workload says", () => {
    const data = report();
    const lines = renderAnnotations(data).trimEnd().split("\n");
    expect(lines).toHaveLength(data.failures.length);
    const commands = lines.map(readCommand);
    expect(commands.map(({ level }) => level)).toEqual(data.failures.map(() => "error"));
    expect(commands[0]?.title).toContain("org.example.store.QueueTest > keepsWhatWasSynced%0A%3A%3Aset-env");
    expect(commands[0]?.text).toMatch(
      /^expected 3 entries but found 2%0A::set-env name=PATH::\/evil%0D%250A/,
    );
    expect(commands[0]?.text).toMatch(
      /%0Ain \d+ of \d+ runs \([\d.]+ %25\), signature a1b2c3d4e5f6%0Aagain: nmzc /,
    );
  });

  it("are errors where the job fails because of them", () => {
    const levels = (...outcome: Parameters<typeof report>) =>
      renderAnnotations(report(...outcome))
        .trimEnd()
        .split("\n")
        .map((line) => readCommand(line).level);
    expect(levels("never", 0)).toEqual(["warning", "warning"]);
    expect(levels("rate>1%", 1)).toEqual(["error", "error"]);
    expect(levels("rate>1%", 0)).toEqual(["warning", "warning"]);
    expect(levels("new", 1, ["0f9e8d7c6b5a"])).toEqual(["warning", "error"]);
  });

  it("are as many as GitHub shows", () => {
    const data = report();
    const many = { ...data, failures: Array.from({ length: 30 }, () => data.failures[0]!) };
    expect(renderAnnotations(many).trimEnd().split("\n")).toHaveLength(10);
  });
});

describe("NAME=value lines", () => {
  it("hold the result, and nothing that a workload said", () => {
    const data = report("new", 1, ["0f9e8d7c6b5a"]);
    const { rate, timeouts } = data.fuzzed;
    expect(renderEnv(data).split("\n")).toEqual([
      `NMZ_RUNS=${rate.of}`,
      `NMZ_FAILURES=${rate.failed}`,
      `NMZ_RATE=${Number(rate.rate.toPrecision(6))}`,
      `NMZ_RATE_LOW=${Number(rate.low.toPrecision(6))}`,
      `NMZ_RATE_HIGH=${Number(rate.high.toPrecision(6))}`,
      `NMZ_TIMEOUTS=${timeouts}`,
      "NMZ_ERRORS=0",
      "NMZ_NEW_FAILURES=1",
      "NMZ_EXIT_CODE=1",
      "NMZ_EXIT_REASON=why it is so",
      "",
    ]);
  });
});

describe("the policy's outcome", () => {
  it("stands in Markdown, where it says more than the headline", () => {
    expect(renderMarkdown(report("new", 1, ["0f9e8d7c6b5a"]))).toContain(
      "Exit code 1 (--fail-on new): why it is so.",
    );
    expect(renderMarkdown(report("new", 1, ["0f9e8d7c6b5a"]))).toMatch(
      /<summary>\d+ runs?, new: <b>no leader/,
    );
    expect(renderMarkdown(report("any", 1))).not.toContain("Exit code");
  });
});
