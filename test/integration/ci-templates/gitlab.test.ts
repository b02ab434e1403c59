import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TemplateJob } from "./template-job.js";

interface GitlabJob {
  readonly image: { readonly name: string; readonly entrypoint: readonly string[] };
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly cache: { readonly paths: readonly string[]; readonly when: string };
  readonly artifacts: {
    readonly when: string;
    readonly paths: readonly string[];
    readonly reports: Readonly<Record<string, string>>;
  };
}

const text = readFileSync("ci/gitlab/nmzc.gitlab-ci.yml", "utf8");
const { ".nmzc": template } = parse(text) as { ".nmzc": GitlabJob };

let job: TemplateJob;
beforeEach(() => {
  job = new TemplateJob();
});
afterEach(() => job.remove());

describe("nmzc.gitlab-ci.yml", () => {
  it("runs a campaign, exits as it does, and leaves what it names as artifacts and carries in its cache", () => {
    const script = job.write("script.sh", template.script.join("\n"));
    const given = { NMZ_IMAGE: "img", NMZ_COMMAND: "make test", FAKE_EXIT: "1" };
    const where = { CI: "true", CI_DEFAULT_BRANCH: "main", CI_COMMIT_BRANCH: "main", CI_JOB_ID: "7" };
    const { exitCode, stdout } = job.run(["sh", "-e", script], { ...template.variables, ...where, ...given });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("[--out] [nmz-loop/ci] [-n] [100] [--fail-on] [any]");
    expect(stdout).toContain("[--] [img] [sh] [-c] [make test]");
    const named = [
      ...template.artifacts.paths,
      ...Object.values(template.artifacts.reports),
      ...template.cache.paths,
    ];
    expect(named.filter((path) => !job.has(path))).toEqual([]);
  });

  it("keeps all of that when the job fails", () => {
    expect([template.artifacts.when, template.cache.when]).toEqual(["always", "always"]);
    expect(Object.keys(template.artifacts.reports).sort()).toEqual(["dotenv", "junit"]);
  });

  it("runs in nmzc's image, which a variable names", () => {
    expect(template.image).toEqual({ name: "$NMZC_IMAGE", entrypoint: [""] });
    expect(template.variables["NMZC_IMAGE"]).toBe("nmzc:latest");
  });
});
