import { once } from "node:events";
import { chmodSync, chownSync, statSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TemplateJob } from "./template-job.js";

let job: TemplateJob;
beforeEach(() => {
  job = new TemplateJob();
});
afterEach(() => job.remove());

const image = { NMZ_IMAGE: "img" };

function run(env: Readonly<Record<string, string>> = {}) {
  return job.run(["nmzc-ci"], { ...image, ...env });
}

/** What nmzc was called with. */
function wordsOf(stdout: string): string[] {
  const [line = ""] = stdout.split("\n").filter((each) => each.startsWith("words: [loop]"));
  return [...line.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1]!);
}

describe("nmzc-ci", () => {
  it("makes a campaign of the variables", () => {
    const { stdout, exitCode } = run({
      ...{ NMZ_COMMAND: "mvn -B test && echo $x", NMZ_RUNS: "7", NMZ_PRESET: "disk", NMZ_JOBS: "2" },
      ...{ NMZ_FAIL_ON: "rate>1%", NMZ_TIMEOUT: "5m", NMZ_RESULTS: "a b/*.xml\nc/**", NMZ_OUT: "out" },
    });
    expect(exitCode).toBe(0);
    expect(wordsOf(stdout)).toEqual([
      ...["loop", "--out", "out", "-n", "7", "--fail-on", "rate>1%", "--known", ".nmz/known.json"],
      ...["--preset", "disk", "--jobs", "2", "--timeout", "5m"],
      ...["--volume", `${job.cwd}:/src`, "--workdir", "/src", "--copy-volumes"],
      ...["--results", "a b/*.xml", "--results", "c/**"],
      ...["--", "img", "sh", "-c", "mvn -B test && echo $x"],
    ]);
    expect(stdout).toContain("CI=true page=none");
  });

  it("needs nothing but an image", () => {
    expect(wordsOf(run({ NMZ_SOURCE: "none" }).stdout)).toEqual([
      ...["loop", "--out", "nmz-loop/ci", "-n", "100", "--fail-on", "any", "--known", ".nmz/known.json"],
      ...["--", "img"],
    ]);
    const { exitCode, stderr } = run({ NMZ_IMAGE: "" });
    expect([exitCode, stderr]).toEqual([125, "nmzc-ci: no image is given (NMZ_IMAGE)\n"]);
  });

  it("reads quotes in further flags, and expands nothing anywhere", () => {
    const evil = "$(touch pwned) `touch pwned` ; touch pwned * $HOME";
    const { stdout } = run({
      ...{ NMZ_ARGS: `-e "A=1 2"\n--label 'x=${evil}' --baseline`, NMZ_COMMAND: evil, NMZ_PRESET: evil },
    });
    const words = wordsOf(stdout);
    expect(words.slice(words.indexOf("-e"))).toEqual([
      ...["-e", "A=1 2", "--label", `x=${evil}`, "--baseline", "--", "img", "sh", "-c", evil],
    ]);
    expect(words).toContain(evil);
    expect(job.has("pwned")).toBe(false);
    expect(run({ NMZ_ARGS: "--label 'x" }).exitCode).toBe(125);
  });

  it.each([1, 125, 130])("exits with %i where nmzc does", (exitCode) => {
    expect(run({ FAKE_EXIT: String(exitCode) }).exitCode).toBe(exitCode);
  });

  it("takes a folder of its own where one is there already", () => {
    const folderOf = (env = {}) => wordsOf(run(env).stdout)[2];
    expect([folderOf(), folderOf()]).toEqual(["nmz-loop/ci", "nmz-loop/ci-2"]);
    expect(folderOf({ BUILD_NUMBER: "12" })).toBe("nmz-loop/12");
    expect(folderOf({ CI_JOB_ID: "99" })).toBe("nmz-loop/99");
    expect(folderOf({ GITHUB_RUN_ID: "5", GITHUB_RUN_ATTEMPT: "2" })).toBe("nmz-loop/5-2");
  });

  it.each([
    ["nowhere else", {}, true],
    ["on GitLab's default branch", { CI_DEFAULT_BRANCH: "main", CI_COMMIT_BRANCH: "main" }, true],
    ["on another branch there", { CI_DEFAULT_BRANCH: "main", CI_COMMIT_BRANCH: "topic" }, false],
    ["in a merge request there", { CI_DEFAULT_BRANCH: "main" }, false],
    ["on Jenkins' primary branch", { BRANCH_NAME: "main", BRANCH_IS_PRIMARY: "true" }, true],
    ["on another branch there", { BRANCH_NAME: "PR-1" }, false],
    ["where it is told not to", { NMZ_SAVE_KNOWN: "false" }, false],
    ["where it is told to", { BRANCH_NAME: "PR-1", NMZ_SAVE_KNOWN: "true" }, true],
  ])("makes known what failed %s: %j", (_where, env: Record<string, string>, isSaved) => {
    run({ FAKE_EXIT: "1", ...env });
    expect(job.has(".nmz/known.json")).toBe(isSaved);
  });

  it("makes nothing known of a campaign without an end", () => {
    run({ FAKE_EXIT: "125" });
    expect(job.has(".nmz/known.json")).toBe(false);
  });

  it("takes nmzc's image where there is no nmzc", () => {
    const tools = "sh env dirname basename mkdir rmdir stat id cp mv cat chown rm".split(" ");
    const PATH = job.barePath(...tools);
    symlinkSync(resolve("ci/nmzc-ci"), join(PATH, "nmzc-ci"));
    expect(run({ PATH }).stderr).toBe("nmzc-ci: there is neither nmzc nor docker in PATH\n");
    const docker = (exitCode: number) => {
      const path = job.write("docker", `#!/bin/sh\necho "$*" >&2\nexit ${exitCode}\n`);
      chmodSync(path, 0o755);
      return run({ PATH: `${job.cwd}:${PATH}`, NMZ_OUT: "out" });
    };
    const elsewhere = docker(1);
    expect([elsewhere.exitCode, elsewhere.stderr.split("\n")]).toEqual([
      125,
      [
        `run --rm -v ${job.cwd}:${job.cwd} -w ${job.cwd} --entrypoint test nmzc:latest -d out`,
        `nmzc-ci: docker sees no out in ${job.cwd}: run the job outside of containers, or in nmzc's own image`,
        "",
      ],
    ]);
    expect(docker(125).stderr).toContain("docker cannot start nmzc's image nmzc:latest (NMZC_IMAGE)\n");
    expect(job.has("out")).toBe(false);
    symlinkSync(resolve("test/fixtures/ci-templates/nmzc"), join(PATH, "docker"));
    const { stdout } = run({ PATH, NMZC_IMAGE: "registry/nmzc:1" });
    expect(stdout).toContain(
      `words: [run] [--rm] [-v] [/var/run/docker.sock:/var/run/docker.sock] [-v] [${job.cwd}:${job.cwd}] [-w] [${job.cwd}] [-e] [CI=true] [-e] [NMZC_ENGINE] [registry/nmzc:1] [loop] [--out]`,
    );
  });

  it("calls the nmzc that it is told to, with the words before it", () => {
    expect(run({ NMZC: "env A=1 nmzc" }).stdout).toContain("words: [loop]");
  });

  it("leaves its reports with sudo, which lets nothing of the environment through", () => {
    job.remove();
    job = new TemplateJob({ sudo: "test/fixtures/ci-templates/sudo" });
    const { exitCode, stdout } = run({
      NMZC: "sudo nmzc",
      ...{ GITHUB_ACTIONS: "true", GITHUB_OUTPUT: job.path("output"), NMZ_OUT: "out" },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("a group of its own\nwords: [loop]");
    expect(job.read("output")).toBe(`NMZ_FOLDER=out\n${job.read("out/result.env")}`);
    expect(job.read("output")).toContain("NMZ_RATE=0.5\n");
    for (const name of ["report.html", "report.md", "junit.xml"]) {
      expect(job.read(`out/${name}`)).toContain("words: [report] [--format]");
    }
  });

  it("takes one folder each where two begin at once, and leaves none where there was no campaign", async () => {
    const env = { ...image, NMZ_SOURCE: "none", GITHUB_OUTPUT: job.path("output") };
    const both = [1, 2, 3].map(() => once(job.start(["nmzc-ci"], env), "exit"));
    expect(await Promise.all(both)).toEqual([1, 2, 3].map(() => [0, null]));
    const folders = [...job.read("output").matchAll(/NMZ_FOLDER=(.*)/g)].map(([, folder]) => folder);
    expect(folders.sort()).toEqual(["nmz-loop/ci", "nmz-loop/ci-2", "nmz-loop/ci-3"]);
    run({ NMZ_OUT: "none/of/it", FAKE_EXIT: "125" });
    expect([job.has("none/of"), job.has("none/of/it")]).toEqual([true, false]);
  });

  it("fails as nmzc, and not as a test, where it cannot write", () => {
    job.write("nmz-loop", "a file");
    const { exitCode, stderr } = run({ GITHUB_OUTPUT: job.path("output") });
    expect([exitCode, stderr]).toEqual([125, expect.stringContaining("nmzc-ci: cannot make nmz-loop\n")]);
    expect(job.read("output")).toBe("NMZ_EXIT_CODE=125\n");
    job.write("known", "a file");
    const told = run({ NMZ_OUT: "out", NMZ_KNOWN: "known/of/it.json" });
    expect([told.exitCode, told.stderr]).toEqual([
      0,
      expect.stringContaining("cannot write known/of/it.json"),
    ]);
  });

  it("ends the runs too when GitHub cancels the job, which has ten seconds for it", async () => {
    const env = { ...image, FAKE_WAIT: "twice", GITHUB_ACTIONS: "true", GITHUB_OUTPUT: job.path("output") };
    const process = job.start(["nmzc-ci"], { ...env, NMZ_OUT: "out" });
    const ended = once(process, "exit");
    while (!job.has("waiting")) await later(20);
    expect(job.read("output")).toBe("NMZ_FOLDER=out\n");
    process.kill("SIGINT");
    expect(await ended).toEqual([143, null]);
    expect(job.has("told")).toBe(true);
  });

  it("passes a second signal on, too", async () => {
    const process = job.start(["nmzc-ci"], { ...image, FAKE_WAIT: "twice" });
    const ended = once(process, "exit");
    while (!job.has("waiting")) await later(20);
    process.kill("SIGINT");
    while (!job.has("told")) await later(20);
    process.kill("SIGTERM");
    expect(await ended).toEqual([143, null]);
  });

  it.each([
    ["", 2],
    ["true", 1],
  ])(
    "passes no third signal on, after which docker does not wait (GitHub: %j)",
    async (GITHUB_ACTIONS, sent) => {
      const process = job.start(["nmzc-ci"], { ...image, FAKE_WAIT: "ever", GITHUB_ACTIONS });
      const ended = once(process, "exit");
      const told = () => (job.has("told") ? job.read("told").length / "told\n".length : 0);
      while (!job.has("waiting")) await later(20);
      for (let count = 1; count <= sent; count++) {
        process.kill("SIGTERM");
        while (told() < count) await later(20);
      }
      while (told() < 2) await later(20);
      process.kill("SIGTERM");
      process.kill("SIGINT");
      await later(300);
      job.write("end", "");
      expect([await ended, told()]).toEqual([[143, null], 2]);
    },
  );

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "ends the campaign at %s, and waits for its end",
    async (signal) => {
      const process = job.start(["nmzc-ci"], { ...image, FAKE_WAIT: "yes" });
      const ended = once(process, "exit");
      while (!job.has("waiting")) await later(20);
      process.kill(signal);
      expect(await ended).toEqual([143, null]);
      expect(job.read("ended")).toBe("ended\n");
    },
  );

  it.runIf(process.getuid?.() === 0)("leaves nothing of root's in a workspace that is another's", () => {
    chownSync(job.cwd, 1234, 1234);
    run({ NMZ_OUT: "nmz-loop/a" });
    const names = ["nmz-loop", "nmz-loop/a", "nmz-loop/a/report.html", ".nmz", ".nmz/known.json"];
    expect(names.map((name) => statSync(job.path(name)).uid)).toEqual(names.map(() => 1234));
  });
});
