import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRunLines, storeOutcome, storeTuning } from "../../../src/campaign/index.js";
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
    expect(levels("new", 1, ["0f9e8d7c6b5a"])).toEqual(["error", "warning"]);
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
      `NMZ_RUNS_COUNTED=${rate.of}`,
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

  it("have no name that nmzc-ci takes for an input: later jobs of GitLab's have them as variables", () => {
    const inputs = [...readFileSync("ci/nmzc-ci", "utf8").matchAll(/^# {3}(NMZC?(?:_[A-Z]+)*) /gm)];
    const names = new Set(inputs.map((match) => match[1]!));
    expect(names).toContain("NMZ_RUNS");
    const given = renderEnv(report())
      .split("\n")
      .map((line) => line.split("=")[0]!);
    expect(given.filter((name) => names.has(name))).toEqual([]);
  });

  it("tell the rate of the runs since --tune chose, as the headline does", () => {
    const made = mkdtempSync(join(tmpdir(), "nmzt-ci-"));
    try {
      makeCampaign(join(made, "a"), { runs: 30, kept: 0 });
      storeTuning(join(made, "a"), { tried: [], chosen: "gentle", since: { failures: 3, runs: 4 } });
      const { data } = readReport(join(made, "a"), { hasTraces: false });
      expect(renderEnv(data)).toMatch(/^NMZ_RUNS_COUNTED=4\nNMZ_FAILURES=3\nNMZ_RATE=0.75\n/);
    } finally {
      rmSync(made, { recursive: true });
    }
  });
});

describe("a new failure that came seldom", () => {
  let many: string;
  const rare = "ffffffffffff";
  beforeAll(() => {
    many = join(mkdtempSync(join(tmpdir(), "nmzt-ci-")), "a");
    makeCampaign(many, { runs: 30, kept: 0 });
    const [line] = [...readRunLines(many)].filter(({ outcome }) => outcome === "fail");
    const failing = (run: number, id: string, title: string) => {
      const failures = [{ test: undefined, title, signature: { id, message: title, frames: [] } }];
      return `${JSON.stringify({ ...line, run, tests: undefined, suite: undefined, folder: undefined, failures })}\n`;
    };
    // Sixty kinds twice, and one once.
    const text = Array.from({ length: 120 }, (_, n) =>
      failing(1000 + n, String(n % 60).padStart(12, "0"), `kind ${n % 60}`),
    );
    appendFileSync(join(many, "runs.jsonl"), [...text, failing(2000, rare, "never seen")].join(""));
    storeOutcome(many, { failOn: "new", exitCode: 1, reason: "it is new", newFailures: [rare] });
  });
  afterAll(() => rmSync(join(many, ".."), { recursive: true }));

  it("is counted, and told first where it decides", () => {
    const { data } = readReport(many, { hasTraces: false });
    expect(renderEnv(data)).toContain("NMZ_NEW_FAILURES=1\n");
    expect(data.failures[0]).toMatchObject({ id: rare, isNew: true });
    expect(renderMarkdown(data)).toContain(", new: <b>never seen</b>");
    expect(renderAnnotations(data)).toMatch(/^::error [^\n]*::never seen/);
  });

  it("is counted where it is not listed", () => {
    storeOutcome(many, { failOn: "any", exitCode: 1, reason: "some failed", newFailures: [rare] });
    const { data } = readReport(many, { hasTraces: false });
    expect(data.failures.some(({ id }) => id === rare)).toBe(false);
    expect(renderEnv(data)).toContain("NMZ_NEW_FAILURES=1\n");
  });

  it("is no number where nobody looked for it", () => {
    storeOutcome(many, {
      failOn: "new",
      exitCode: 130,
      reason: "it was interrupted",
      newFailures: undefined,
    });
    expect(renderEnv(readReport(many, { hasTraces: false }).data)).toContain("NMZ_NEW_FAILURES=\n");
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
