import { once } from "node:events";
import { chownSync, statSync, symlinkSync } from "node:fs";
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
    const tools = "sh env dirname mkdir stat id cp mv cat chown rm".split(" ");
    const PATH = job.barePath(...tools);
    symlinkSync(resolve("ci/nmzc-ci"), join(PATH, "nmzc-ci"));
    expect(run({ PATH }).stderr).toBe("nmzc-ci: there is neither nmzc nor docker in PATH\n");
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
    expect(job.read("output")).toBe(`${job.read("out/result.env")}NMZ_FOLDER=out\n`);
    expect(job.read("output")).toContain("NMZ_RATE=0.5\n");
    for (const name of ["report.html", "report.md", "junit.xml"]) {
      expect(job.read(`out/${name}`)).toContain("words: [report] [--format]");
    }
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
