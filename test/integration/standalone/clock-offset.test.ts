import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openTimeNamespace } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { runNmzc } from "../../helpers/run-nmzc.js";
import { eventually } from "../proc/shaking.js";
import { attached, Workplace } from "./inspector-command.js";

requires("root", "perl", "nsenter", "built", "script");

const nmzFile = fileURLToPath(new URL("../../../dist/bin/nmz.js", import.meta.url));

const place = new Workplace();
afterAll(() => place.remove());

/** Says CLOCK_MONOTONIC (1) and CLOCK_BOOTTIME (7) by the system call, and the date. */
const clocks =
  'use Time::HiRes; printf "%.3f %.3f %.3f\\n", Time::HiRes::clock_gettime(1), Time::HiRes::clock_gettime(7), Time::HiRes::time;';

function proc(...words: readonly string[]) {
  return runNmzc(["inspectors", "proc", ...words], { command: "nmz" });
}

function uptimeIn(text: string): number {
  return Number(text.split(" ")[0]);
}

function ownUptime(): number {
  return uptimeIn(readFileSync("/proc/uptime", "latin1"));
}

describe("nmz inspectors proc --clock-offset", () => {
  it("starts the command ahead: CLOCK_MONOTONIC, CLOCK_BOOTTIME and /proc/uptime, not the date", async () => {
    const [before, date] = [ownUptime(), Date.now() / 1000];
    const script = `perl -e '${clocks}'; cat /proc/uptime; exit 7`;
    const { exitCode, stdout, stderr } = await proc("--clock-offset", "3h", "--", "sh", "-c", script);
    const after = ownUptime();
    expect(exitCode, stderr).toBe(7);
    expect(stderr).toContain("CLOCK_MONOTONIC and CLOCK_BOOTTIME shifted by 3h");
    const [line = "", uptime = ""] = stdout.split("\n");
    const [monotonic = 0, boottime = 0, wall = 0] = line.split(" ").map(Number);
    for (const seconds of [monotonic, boottime, uptimeIn(uptime)]) {
      expect(seconds).toBeGreaterThan(before + 10_800 - 1);
      expect(seconds).toBeLessThan(after + 10_800 + 1);
    }
    expect(wall).toBeGreaterThanOrEqual(date - 1);
    expect(wall).toBeLessThan(date + after - before + 2);
  });

  it("goes back, to the millisecond, and each clock by itself, from the config too", async () => {
    const config = place.file("back.toml", '[proc]\nclockOffset = "monotonic=-1.5s,boottime=1h"\n');
    const { stdout } = await proc("--autopilot", config, "--", "cat", "/proc/self/timens_offsets");
    expect(stdout.split(/\s+/)).toEqual(["monotonic", "-2", "500000000", "boottime", "3600", "0", ""]);
  });

  it("leaves pid, signals and everybody else's clocks as they are without", async () => {
    const file = place.file("pid", "");
    const script = `echo $$ > ${file}; exec sleep 1000`;
    const nmz = await attached("proc", "--clock-offset", "3h", "--", "sh", "-c", script);
    await eventually("it says its pid", () => readFileSync(file, "latin1").endsWith("\n"));
    const pid = Number(readFileSync(file, "latin1"));
    const namespaceOf = (of: number | "self", kind = "time") => readlinkSync(`/proc/${of}/ns/${kind}`);
    expect(namespaceOf(pid)).not.toBe(namespaceOf("self"));
    expect(namespaceOf(nmz.process.pid!)).toBe(namespaceOf("self"));
    expect(namespaceOf(nmz.process.pid!, "time_for_children")).toBe(namespaceOf("self"));
    await eventually(
      "it is the program itself",
      () => readFileSync(`/proc/${pid}/comm`, "latin1") === "sleep\n",
    );
    nmz.process.kill("SIGTERM");
    expect((await nmz.finished).exitCode).toBe(128 + 15);
  });

  it("gives it the terminal", async () => {
    const command = `${process.execPath} ${nmzFile} inspectors proc --clock-offset 3h -- sh -c 'stty size; cat /proc/uptime; exit 7'`;
    const { stdout, status } = spawnSync(
      "script",
      ["-qec", `stty rows 33 cols 77; ${command}`, "/dev/null"],
      {
        encoding: "utf8",
      },
    );
    expect(status, stdout).toBe(7);
    // A line of our own may come in between, and script(1) shows the end of its stdin as ^@ wherever it falls.
    const shown = stdout.replaceAll("^@", "");
    expect(shown).toMatch(/^33 77\r?$/m);
    const [, uptime = "0"] = /^(\d+\.\d\d) \d+\.\d\d\r?$/m.exec(shown) ?? [];
    expect(Number(uptime), stdout).toBeGreaterThan(10_800);
  });

  it("starts a program again under the name that it had", async () => {
    const config = place.file(
      "restart-named.toml",
      '[[faults]]\nfault = "restart"\nprocess = "sleep"\ndown = "50ms"\n',
    );
    const nmz = await attached(
      ...["proc", "--clock-offset", "3h", "--autopilot", config, "--watch-interval", "100ms"],
      ...["--", "bash", "-c", "(exec -a an-odd-name sleep 987654) & echo $!; wait; exec tail -f /dev/null"],
    );
    const named = () =>
      readdirSync("/proc").filter((pid) => {
        if (!/^\d+$/.test(pid)) return false;
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8") === "an-odd-name\u0000987654\u0000";
        } catch {
          return false;
        }
      });
    const pids = new Set<string>();
    await eventually("it was started twice under its name", () => {
      for (const pid of named()) pids.add(pid);
      return pids.size >= 2;
    });
    nmz.process.kill("SIGTERM");
    const { stderr } = await nmz.finished;
    expect(stderr).toMatch(/restart \d+/);
  });

  it("starts a program again with the same clocks after a restart fault", async () => {
    const config = place.file(
      "restart.toml",
      '[[faults]]\nfault = "restart"\nprocess = "perl"\ndown = "50ms"\n',
    );
    const file = place.file("uptimes", "");
    const script = `open U, "/proc/uptime"; open F, ">>", "${file}"; print F scalar <U>; close F; sleep 1000`;
    const nmz = await attached(
      ...["proc", "--clock-offset", "3h", "--autopilot", config, "--watch-interval", "100ms"],
      ...["--", "sh", "-c", `perl -e '${script}' > /dev/null 2>&1 & exec sleep 1000`],
    );
    const uptimes = () => readFileSync(file, "latin1").split("\n").filter(Boolean).map(uptimeIn);
    await eventually("it was started twice", () => uptimes().length >= 2);
    for (const uptime of uptimes()) expect(uptime).toBeGreaterThan(10_800);
    nmz.process.kill("SIGTERM");
    const { stderr } = await nmz.finished;
    expect(stderr).toMatch(/restart \d+/);
  });
});

describe("nmz inspectors proc refuses a clock offset", () => {
  it.each([
    ["another date", ["--clock-offset", "realtime=3h", "--", "true"], 125, /CLOCK_REALTIME.*Linux has one/],
    ["a process that runs", ["--clock-offset", "3h", "--pid", String(process.pid)], 1, /runs already/],
    [
      "a time before the machine was started",
      ["--clock-offset", "-1000000h", "--", "true"],
      1,
      /CLOCK_MONOTONIC cannot go back so far/,
    ],
  ])("for %s, before anything is started", async (_, words, code, reason) => {
    const { exitCode, stderr } = await proc(...words);
    expect(exitCode).toBe(code);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain("shaking");
  });
});

describe("nmzc run", () => {
  it("refuses a clock offset before anything is started, and says what to do instead", async () => {
    const config = place.file("ahead.toml", '[proc]\nclockOffset = "3h"\n');
    const { exitCode, stdout, stderr } = await runNmzc(["run", "--nmz-autopilot", config, "nmzc/absent"]);
    expect(exitCode).toBe(125);
    expect(stdout).toBe("");
    expect(stderr).toContain(
      'proc.clockOffset = "3h": no container engine starts a container in a time namespace',
    );
    expect(stderr).toContain("unshare --time --fork --kill-child --monotonic 10800 --boottime 10800 COMMAND");
  });
});

describe("openTimeNamespace", () => {
  it("says what the kernel makes of offsets that it does not take", async () => {
    const tooFar = openTimeNamespace({ monotonicMs: -1e12, boottimeMs: 0 });
    await expect(tooFar).rejects.toMatchObject({ code: "ERANGE" });
  });
});
