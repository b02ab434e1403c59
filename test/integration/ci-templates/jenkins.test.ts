import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { fetchGroovy } from "./fetch-groovy.js";
import { TemplateJob } from "./template-job.js";

requires("mvn");

let classes: string;
beforeAll(() => {
  classes = fetchGroovy();
}, 240_000);

let job: TemplateJob;
beforeEach(() => {
  job = new TemplateJob();
});
afterEach(() => job.remove());

function run(pipeline: string, env: Readonly<Record<string, string>> = {}) {
  const opens = ["lang", "util"].flatMap((name) => ["--add-opens", `java.base/java.${name}=ALL-UNNAMED`]);
  const harness = resolve("test/fixtures/ci-templates/run-pipeline.groovy");
  return job.run(
    ["java", ...opens, "-XX:TieredStopAtLevel=1", "-cp", classes, "groovy.ui.GroovyMain", harness, pipeline],
    { BUILD_NUMBER: "7", ...env },
  );
}

const jenkinsfile = readFileSync("ci/Jenkinsfile", "utf8");

describe("ci/Jenkinsfile", () => {
  it("runs a campaign, and tells of it where it failed too", () => {
    const { exitCode, stdout, stderr } = run(resolve("ci/Jenkinsfile"), { FAKE_EXIT: "1" });
    expect(stderr).toContain("+ nmzc-ci");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("[--out] [nmz-loop/7] [-n] [100] [--fail-on] [new]");
    expect(stdout).toContain("[--] [maven:3] [sh] [-c] [mvn -B test]");
    const told = stdout.split("\n").filter((line) => line.startsWith("pipeline: "));
    expect(told.slice(told.indexOf("pipeline: sh ended with 1"))).toEqual([
      "pipeline: sh ended with 1",
      "pipeline: junit testResults nmz-loop/7/junit.xml",
      "pipeline: junit allowEmptyResults true",
      "pipeline: junit skipMarkingBuildUnstable true",
      "pipeline: archiveArtifacts artifacts nmz-loop/7/report.*, nmz-loop/7/known.json",
      "pipeline: archiveArtifacts allowEmptyArchive true",
      "pipeline: FAILURE script returned exit code 1",
    ]);
    for (const name of ["junit.xml", "report.html", "known.json"])
      expect(job.has(`nmz-loop/7/${name}`)).toBe(true);
    expect(job.has(".nmz/known.json")).toBe(true);
  });

  it("succeeds where nothing failed", () => {
    const { exitCode, stdout } = run(resolve("ci/Jenkinsfile"));
    expect([exitCode, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, "pipeline: SUCCESS"]);
  });

  it("is read by what would find a mistake in it", () => {
    const wrong = job.write("Wrong", jenkinsfile.replace("allowEmptyResults", "allowEmpty"));
    expect(run(wrong).stderr).toContain("junit has no parameter allowEmpty");
    const section = job.write("Section", jenkinsfile.replace("steps {", "script {"));
    expect(run(section).stderr).toContain("stage has no script");
  });
});
