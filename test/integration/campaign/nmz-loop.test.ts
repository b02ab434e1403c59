import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { campaignPlace, linesOf, runsOf, until, upTo } from "../../helpers/campaigns.js";
import { requires } from "../../helpers/requires.js";
import { runNmzc, startNmzc } from "../../helpers/run-nmzc.js";

requires("root", "built");

let cwd: string;
let remove: () => void;
beforeEach(() => {
  ({ place: cwd, remove } = campaignPlace());
});
afterEach(() => remove());

/** Fails every second time that it is run in this folder. */
const everySecond =
  'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; echo "n is $n"; exit $((n % 2 * 7))';

function loop(...words: readonly string[]) {
  return runNmzc(["loop", "--out", "c", ...words], { command: "nmz", cwd });
}

describe("nmz loop", () => {
  it("says how often a command fails, how, and how to have it again", async () => {
    const { exitCode, stdout, stderr } = await loop("-n", "4", "--", "sh", "-c", everySecond);
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toContain("2 of 4 runs failed: 50% (95% interval 6.8% to 93%)");
    expect(stdout).toMatch(/ {4}2 {2}exit code 7: n is 1 {2}\[[\da-f]{12}, first in run 1\]/);
    expect(stdout).toContain("repeat run 1: nmz replay c/runs/000001");
    expect(stderr).toMatch(
      /nmz: run 1 failed after .*\(exit 7, seed [\da-f]{16}\): exit code 7: n is 1 \[new\]/,
    );
    const failed = join(cwd, "c/runs/000001");
    expect(readFileSync(join(failed, "output.log"), "utf8")).toBe("n is 1\n");
    expect(readFileSync(join(failed, "nmzc.log"), "utf8")).toContain("nmz: proc: shaking");
    expect(JSON.parse(readFileSync(join(failed, "latest/run.json"), "utf8"))).toMatchObject({
      seed: linesOf(join(cwd, "c")).find(({ run }) => run === 1)?.seed,
      exitCode: 7,
    });
  });

  it("finds out how to shake a command so that it fails, and stays with it", async () => {
    const { stdout, stderr } = await loop("--tune", "-n", "16", "--", "sh", "-c", "[ $(nproc) -gt 1 ]");
    expect(stdout, stderr).toMatch(/^one-cpu, since --tune chose it: (\d+) of \1 runs failed: 100% /);
    expect(stdout, stderr).toMatch(/tuning over \d+ runs chose one-cpu \(random nice values on one CPU\)/);
    const lines = linesOf(join(cwd, "c"));
    expect(lines.slice(-4).map(({ choice }) => choice)).toEqual(Array.from({ length: 4 }, () => "one-cpu"));
    expect(lines.filter(({ outcome }) => outcome === "fail").every((each) => each.choice === "one-cpu")).toBe(
      true,
    );
    expect(readFileSync(join(cwd, "c/choices/one-cpu.toml"), "utf8")).toContain("proc = { cpus = 1 }");
  });

  it("refuses to look for a config beside one", async () => {
    const { exitCode, stderr } = await loop("--tune", "--preset", "threads", "--", "true");
    expect(exitCode).toBe(125);
    expect(stderr).toContain("--tune is not possible with a preset or a config");
  });

  it("counts no crash of its own as a failure of the command", async () => {
    const crash = join(cwd, "crash.cjs");
    writeFileSync(crash, 'if (process.env.NMZ_LOOP_RUN) throw new Error("no such module");');
    const env = { ...process.env, NODE_OPTIONS: `--require=${crash}` };
    const words = ["loop", "--out", "c", "-n", "5", "--", "true"];
    const { exitCode, stderr } = await runNmzc(words, { command: "nmz", cwd, env });
    expect(exitCode, stderr).toBe(125);
    expect(stderr).toContain("the process that made the run (inspectors) crashed with exit code 1");
    expect(linesOf(join(cwd, "c")).every(({ outcome }) => outcome === "error")).toBe(true);
  });

  it("reads the tests of each run out of the files that it left", async () => {
    const xml = (failure: string) =>
      `<testsuite name="S" tests="2"><testcase classname="S" name="a"/><testcase classname="S" name="b">${failure}</testcase></testsuite>`;
    writeFileSync(join(cwd, "good.xml"), xml(""));
    writeFileSync(
      join(cwd, "bad.xml"),
      xml('<failure message="lost 0x7f12 after 31 ms">at S.b(S.java:7)</failure>'),
    );
    mkdirSync(join(cwd, "target/surefire-reports"), { recursive: true });
    const script = `${everySecond.split(";").slice(0, 2).join(";")}; [ $((n % 3)) = 1 ] && f=bad || f=good; cp $f.xml target/surefire-reports/TEST-S.xml`;
    const { exitCode, stdout } = await loop("-n", "3", "--", "sh", "-c", script);
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toContain("1 of 3 runs failed");
    expect(stdout).toMatch(/1 {2}S > b: lost 0x7f12 after 31 ms/);
    const lines = linesOf(join(cwd, "c"));
    expect(lines.map(({ tests }) => tests?.failed)).toEqual([0, 1, 0]);
    expect(new Set(lines.map(({ suite }) => suite)).size).toBe(1);
    expect(readdirSync(join(cwd, "c/runs/000001/results"))).toEqual(["TEST-S.xml"]);

    const again = await runNmzc(["loop", "--out", "d", "-n", "2", "--", "sh", "-c", script], {
      command: "nmz",
      cwd,
    });
    expect(again.stdout).toMatch(/^[\da-f]{12}: the same failure as in c$/m);
  });

  it("reads results that lie elsewhere, where it is told to", async () => {
    const elsewhere = campaignPlace();
    try {
      const report = join(elsewhere.place, "deep/own.xml");
      const script = `mkdir -p ${elsewhere.place}/deep; echo '<testsuite><testcase name="a"/></testsuite>' > ${report}`;
      const { exitCode, stderr } = await loop(
        "-n",
        "1",
        "--results",
        `${elsewhere.place}/**/*.xml`,
        "--",
        "sh",
        "-c",
        script,
      );
      expect(exitCode, stderr).toBe(0);
      expect(linesOf(join(cwd, "c"))[0]?.tests).toEqual({ passed: 1, failed: 0, skipped: 0 });
    } finally {
      elsewhere.remove();
    }
  });

  it("compares with runs whose threads are left alone", async () => {
    const { exitCode, stdout, stderr } = await loop("--baseline", "-n", "2", "--seed", "s", "--", "true");
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain("fuzzed: 0 of 2 runs failed");
    expect(stdout).toContain("plain: 0 of 2 runs failed");
    expect(stdout).toContain("Fisher's exact p = 1.000");
    const plain = linesOf(join(cwd, "c")).find(({ arm }) => arm === "plain");
    const record = JSON.parse(readFileSync(join(cwd, "c", plain!.folder!, "latest/run.json"), "utf8"));
    expect(record.delayed).toBe(0);
    expect(record.autopilot.explorePolicy).toBe("dumb");
  });

  it("ends what takes too long, with all that it started, and counts it apart", async () => {
    const script = "trap '' TERM; sleep 3077 & echo $! > pid; wait; wait; wait";
    const { exitCode, stdout } = await loop("-n", "1", "--timeout", "2s", "--", "sh", "-c", script);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("no run passed or failed; not counted: 1 timeout");
    await until(() => !existsSync(`/proc/${readFileSync(join(cwd, "pid"), "utf8").trim()}`));
  });

  it("counts no run twice and loses none when it is killed, and its runs end too", async () => {
    const script = "echo $$ >> pids; sleep 1; exit 3";
    const started = startNmzc(["loop", "--out", "c", "-n", "5", "-j", "2", "--", "sh", "-c", script], {
      command: "nmz",
      cwd,
    });
    await started.stderrHas("run 1 failed");
    const pids = () => readFileSync(join(cwd, "pids"), "utf8").trim().split("\n");
    await until(() => pids().length >= 3);
    started.process.kill("SIGKILL");
    await started.finished;
    const before = runsOf(join(cwd, "c"));
    expect(before.length).toBeLessThan(5);
    await until(() => pids().every((pid) => !existsSync(`/proc/${pid}`)));

    const resumed = await runNmzc(["loop", "--resume", "c"], { command: "nmz", cwd });
    expect(resumed.exitCode, resumed.stderr).toBe(1);
    expect(resumed.stdout).toContain("5 of 5 runs failed");
    expect(runsOf(join(cwd, "c"))).toEqual(upTo(5));
  });

  it("finishes the runs that have begun after Ctrl-C, and goes on with --resume", async () => {
    const started = startNmzc(["loop", "--out", "c", "-n", "4", "--", "sh", "-c", "touch begun; sleep 1"], {
      command: "nmz",
      cwd,
      leadsSession: true,
    });
    await until(() => existsSync(join(cwd, "begun")));
    process.kill(-started.process.pid!, "SIGINT"); // as the terminal does: to the whole group
    const { exitCode, stdout, stderr } = await started.finished;
    expect(exitCode, stderr).toBe(130);
    expect(stdout).toContain("go on: nmz loop --resume c");
    expect(linesOf(join(cwd, "c")).map(({ outcome }) => outcome)).toEqual(["pass"]);
    expect((await runNmzc(["loop", "--resume", "c"], { command: "nmz", cwd })).exitCode).toBe(0);
    expect(runsOf(join(cwd, "c"))).toEqual(upTo(4));
  });

  it("stops with a clear error when the disk is full, and goes on when there is room", async () => {
    const place = join(cwd, "disk");
    mkdirSync(place);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", place]);
    try {
      const words = [
        "--out",
        join(place, "c"),
        "-n",
        "6",
        "--",
        "sh",
        "-c",
        "head -c 1000000 /dev/zero; exit 1",
      ];
      const full = await runNmzc(["loop", ...words], { command: "nmz", cwd });
      expect(full.exitCode, full.stderr).toBe(125);
      expect(full.stderr).toContain(`the disk is full on which ${place}/c lies`);
      expect(full.stderr).toContain("--resume");
      const before = linesOf(join(place, "c"));
      expect(before.length).toBeLessThan(6);
      execFileSync("mount", ["-o", "remount,size=60m", place]);
      const resumed = await runNmzc(["loop", "--resume", join(place, "c")], { command: "nmz", cwd });
      expect(resumed.exitCode, resumed.stderr).toBe(1);
      expect(linesOf(join(place, "c")).slice(0, before.length)).toEqual(before);
      expect(runsOf(join(place, "c"))).toEqual(upTo(6));
    } finally {
      execFileSync("umount", ["-l", place]);
    }
  });

  it("gives up when the command cannot be run, with the reason and its exit code", async () => {
    const { exitCode, stdout, stderr } = await loop("--", "no-such-command-of-nmzc");
    expect(exitCode).toBe(127);
    expect(stdout).toBe("");
    expect(stderr).toContain("3 runs one after another could not be made");
    expect(stderr).toContain("no-such-command-of-nmzc");
  });

  it("leaves reports where CI looks for them", async () => {
    const page = join(cwd, "page.md");
    const env = { ...process.env, CI: "true", GITHUB_STEP_SUMMARY: page, XDG_STATE_HOME: cwd };
    const { stdout } = await runNmzc(["loop", "--out", "c", "-n", "1", "--", "true"], {
      command: "nmz",
      cwd,
      env,
    });
    expect(stdout).toContain("for CI: c/junit.xml, c/report.md");
    expect(readFileSync(join(cwd, "c/junit.xml"), "utf8")).toContain("<testsuite");
    expect(readFileSync(page, "utf8")).toBe(readFileSync(join(cwd, "c/report.md"), "utf8"));
  });
});
