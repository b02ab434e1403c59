import { mkdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TemplateJob } from "./template-job.js";

interface GitlabJob {
  readonly image: { readonly name: string; readonly entrypoint: readonly string[] };
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly rules: readonly { readonly if: string; readonly variables?: Readonly<Record<string, string>> }[];
  readonly cache: {
    readonly paths: readonly string[];
    readonly when: string;
    readonly policy: string;
    readonly unprotect: boolean;
  };
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

/** As the runner puts variables into a job's variables and paths. */
function expand(text: string): string {
  return text.replaceAll("$CI_JOB_NAME_SLUG", "my-job");
}

describe("nmzc.gitlab-ci.yml", () => {
  it("runs a campaign, exits as it does, and leaves what it names as artifacts and carries in its cache", () => {
    const script = job.write("script.sh", template.script.join("\n"));
    const given = { NMZ_IMAGE: "img", NMZ_COMMAND: "make test", FAKE_EXIT: "1" };
    const where = { CI: "true", CI_DEFAULT_BRANCH: "main", CI_COMMIT_BRANCH: "main", CI_JOB_ID: "7" };
    const variables = Object.entries(template.variables).map(([name, value]) => [name, expand(value)]);
    const env = { ...Object.fromEntries(variables), CI_JOB_NAME_SLUG: "my-job", ...where, ...given };
    const { exitCode, stdout } = job.run(["sh", "-e", script], env);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("[--out] [nmz-loop/my-job] [-n] [100] [--fail-on] [any]");
    expect(stdout).toContain("[--] [img] [sh] [-c] [make test]");
    const named = [
      ...template.artifacts.paths,
      ...Object.values(template.artifacts.reports),
      ...template.cache.paths,
    ].map(expand);
    expect(named.filter((path) => !job.has(path))).toEqual([]);
  });

  it("begins anew in a folder that the runner did not clean", () => {
    const script = job.write("script.sh", template.script.join("\n"));
    const env = {
      NMZ_IMAGE: "img",
      CI_JOB_NAME_SLUG: "my-job",
      NMZ_OUT: expand(template.variables["NMZ_OUT"]!),
    };
    mkdirSync(job.path("nmz-loop/my-job"), { recursive: true });
    job.write("nmz-loop/my-job/campaign.json", "of a job before");
    expect(job.run(["sh", "-e", script], env).exitCode).toBe(0);
    expect([job.has("nmz-loop/my-job/campaign.json"), job.has("nmz-loop/my-job/report.html")]).toEqual([
      false,
      true,
    ]);
  });

  it("has one cache for all branches, which the default branch alone writes", () => {
    expect(template.cache).toMatchObject({ policy: "$NMZ_CACHE_POLICY", unprotect: true });
    expect(template.variables["NMZ_CACHE_POLICY"]).toBe("pull");
    expect(template.rules).toEqual([
      {
        if: "$CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
        variables: { NMZ_CACHE_POLICY: "pull-push" },
      },
      { if: "$CI_COMMIT_BRANCH || $CI_COMMIT_TAG" },
    ]);
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
