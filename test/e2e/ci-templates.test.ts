import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../helpers/requires.js";
import { TemplateJob } from "../integration/ci-templates/template-job.js";

requires("root", "docker", "fuse", "nfqueue", "iptables", "built", "base-image");

const image = process.env["NMZC_BASE_IMAGE"] ?? "nmzc/base:latest";

let job: TemplateJob;
beforeEach(() => {
  job = new TemplateJob({ nmzc: "dist/bin/nmzc.js" });
});
afterEach(() => job.remove());

/** Fails while there is a file of this name, with what is in it. */
const test = `
mkdir -p test-reports
if [ -e fail ]; then said="<failure message='$(cat fail)'>at Log.replay(Log.java:7)</failure>"; fi
echo "<testsuite name='S'><testcase classname='Log' name='keeps'>$said</testcase></testsuite>" >test-reports/a.xml
[ ! -e fail ]
`;

function run(runId: string) {
  const engine = process.env["NMZC_ENGINE"];
  return job.run(["nmzc-ci"], {
    ...(engine === undefined ? {} : { NMZC_ENGINE: engine }),
    ...{ NMZ_IMAGE: image, NMZ_COMMAND: "sh test.sh", NMZ_RUNS: "1", NMZ_FAIL_ON: "new" },
    ...{ GITHUB_ACTIONS: "true", GITHUB_RUN_ID: runId },
    ...{ GITHUB_OUTPUT: job.path(`output-${runId}`), GITHUB_STEP_SUMMARY: job.path(`summary-${runId}`) },
  });
}

describe("nmzc-ci with the real nmzc", () => {
  it("fails for a failure once, tells of it as known from then on, and leaves all that a job shows", () => {
    job.write("test.sh", test);
    job.write("fail", "lost 3 of 4 entries");
    const first = run("1");
    expect(first.exitCode, first.stderr).toBe(1);
    const [, id] = /exit 1 \(--fail-on new\): 1 of 1 kind of failure is new: ([\da-f]{12})\n/.exec(
      first.stdout,
    )!;
    expect(first.stdout).toContain(
      "::error title=Log > keeps::lost 3 of 4 entries%0Ain 1 of 1 run (100 %25)",
    );
    expect(job.read("output-1").split("\n")).toEqual(
      expect.arrayContaining([
        "NMZ_RATE=1",
        "NMZ_NEW_FAILURES=1",
        "NMZ_EXIT_CODE=1",
        "NMZ_FOLDER=nmz-loop/1-1",
      ]),
    );
    expect(job.read("summary-1")).toContain("## ❌ 1 of 1 run failed");
    expect(job.read("nmz-loop/1-1/junit.xml")).toContain(`type="${id}"`);
    expect(job.read("nmz-loop/1-1/report.html")).toContain("default-src 'none'");

    // Another number, the same failure.
    job.write("fail", "lost 1 of 9 entries");
    const second = run("2");
    expect(second.exitCode, second.stderr).toBe(0);
    expect(second.stdout).toContain("::warning title=Log > keeps::lost 1 of 9 entries");
    expect(job.read("output-2")).toContain("NMZ_NEW_FAILURES=0\n");

    job.write("fail", "no leader");
    expect(run("3").exitCode).toBe(1);
  });
});
