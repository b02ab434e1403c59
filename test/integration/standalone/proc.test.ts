import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspectProc, type StandaloneIo } from "../../../src/standalone/index.js";
import { requires } from "../../helpers/requires.js";
import { runNmzc, startNmzc } from "../../helpers/run-nmzc.js";
import { attached, interrupted, schedulingPolicy, Workplace } from "./inspector-command.js";

requires("root", "built");

const batch = "3";
const workplace = new Workplace();
let alwaysBatch = "";
beforeAll(() => {
  const params =
    '[explorePolicyParam]\nprocPolicy = "mild"\n[explorePolicyParam.procPolicyParam]\nuseBatch = true\n';
  alwaysBatch = workplace.file("batch.toml", `explorePolicy = "random"\n${params}`);
});
afterAll(() => workplace.remove());

function proc(words: readonly string[], input = "") {
  return runNmzc(["inspectors", "proc", ...words], { command: "nmz", input });
}

describe("nmz inspectors proc, with a command", () => {
  it("has set its attributes before its first instruction, each time of a hundred", async () => {
    const silence = new PassThrough().resume();
    const io = { stdin: { isTTY: false }, stdout: silence, stderr: silence } as unknown as StandaloneIo;
    const policies: string[] = [];
    for (let start = 0; start < 100; start++) {
      const stdoutFile = `${workplace.path}/policy`;
      const words = ["cut", "-d", " ", "-f", "41", "/proc/self/stat"];
      const wire = {
        orchestratorUrl: "local://",
        token: undefined,
        autopilotFile: alwaysBatch,
        seed: `start ${start}`,
        outDir: undefined,
      };
      const exitCode = await inspectProc(
        {
          wire,
          entity: "test",
          target: { kind: "command", words, cwd: "/", env: process.env, stdoutFile, stderrFile: undefined },
          watchIntervalMs: undefined,
          clockOffset: undefined,
        },
        io,
      );
      policies.push(exitCode === 0 ? readFileSync(stdoutFile, "utf8").trim() : `exit code ${exitCode}`);
    }
    expect(policies).toEqual(Array.from({ length: 100 }, () => batch));
  });

  it("shakes its children from their birth", async () => {
    const script = "cut -d ' ' -f 41 /proc/self/stat; (cut -d ' ' -f 41 /proc/self/stat)";
    const { stdout } = await proc(["-autopilot", alwaysBatch, "--", "sh", "-c", script]);
    expect(stdout).toBe(`${batch}\n${batch}\n`);
  });

  it("leaves it the CPUs that a config says, before its first instruction", async () => {
    const { stdout, exitCode } = await proc(["--preset", "one-cpu", "--", "nproc"]);
    expect({ stdout, exitCode }).toEqual({ stdout: "1\n", exitCode: 0 });
  });

  it("says that it has no more CPUs than it is to have", async () => {
    const config = workplace.file("cpus.toml", "[proc]\ncpus = 1000\n");
    const { stderr } = await proc(["-autopilot", config, "--", "true"]);
    expect(stderr).toMatch(/proc\.cpus = 1000: it has \d+ CPUs, and 1000 are no fewer/);
  });

  it("passes stdin, output, arguments and exit code on", async () => {
    const script = 'cat; echo "$1" >&2; exit 7';
    const { exitCode, stdout, stderr } = await proc(["--", "sh", "-c", script, "sh", "two  words"], "input");
    expect(exitCode).toBe(7);
    expect(stdout).toBe("input");
    expect(stderr).toContain("two  words\n");
  });

  it("writes to files instead where it is told to, with Namazu's words", async () => {
    const [out, errors] = [`${workplace.path}/out`, `${workplace.path}/err`];
    const { exitCode, stdout } = await proc(["-cmd", "ls / /absent", "-stdout", out, `-stderr=${errors}`]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(readFileSync(out, "utf8")).toContain("etc\n");
    expect(readFileSync(errors, "utf8")).toContain("absent");
  });

  it("exits as a shell would for a command that is not there, cannot run, or was killed", async () => {
    const script = workplace.file("script", "");
    const [absent, text, killed] = await Promise.all([
      proc(["--", "nmzt-absent"]),
      proc(["--", script]),
      proc(["--", "sh", "-c", "kill -KILL $$"]),
    ]);
    expect([absent.exitCode, text.exitCode, killed.exitCode]).toEqual([127, 126, 137]);
    expect(absent.stderr).toContain("nmzt-absent: command not found");
  });

  it("hands signals over, and reports what the command makes of them", async () => {
    const script = "trap 'echo got; exit 9' TERM; echo ready; while :; do sleep 0.05; done";
    const started = startNmzc(["inspectors", "proc", "--", "sh", "-c", script], { command: "nmz" });
    await started.stdoutHas("ready");
    started.process.kill("SIGTERM");
    const { exitCode, stdout } = await started.finished;
    expect({ exitCode, stdout }).toEqual({ exitCode: 9, stdout: "ready\ngot\n" });
  });

  it("gives Ctrl-C to the command's whole group, as a terminal does", async () => {
    // A shell may lose a signal for a program that it is just starting: the child that hears it is a shell too.
    const child = "(trap 'echo child; exit 3' INT; echo ready; while :; do sleep 0.05; done)";
    const started = startNmzc(["inspectors", "proc", "--", "sh", "-c", `${child}; exit 4`], {
      command: "nmz",
      leadsSession: true,
    });
    await started.stdoutHas("ready");
    started.process.kill("SIGINT");
    expect((await started.finished).stdout).toBe("ready\nchild\n");
  });

  it("leaves a process that outlives the command as it was", async () => {
    const { stdout } = await proc([
      "-autopilot",
      alwaysBatch,
      "--",
      "sh",
      "-c",
      "sleep 100 >/dev/null 2>&1 & echo $!; exit 0",
    ]);
    const pid = Number(stdout);
    try {
      expect(schedulingPolicy(pid)).toBe("0");
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });
});

describe("nmz inspectors proc, with a pid", () => {
  async function sleeper(): Promise<ChildProcess> {
    const child = spawn("sleep", ["100"], { stdio: "ignore" });
    await once(child, "spawn");
    return child;
  }

  it("shakes the process until it is told to stop, and leaves it as it was", async () => {
    const child = await sleeper();
    try {
      const started = await attached("proc", "-pid", String(child.pid), "-autopilot", alwaysBatch);
      expect(schedulingPolicy(child.pid!)).toBe(batch);
      expect(await interrupted(started)).toMatch(/seed \w+: 1\d* events \(proc 1\d*\), 0 delayed/);
      expect(schedulingPolicy(child.pid!)).toBe("0");
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("ends when the process does", async () => {
    const child = await sleeper();
    const started = await attached("proc", "--pid", String(child.pid));
    child.kill("SIGKILL");
    expect((await started.finished).exitCode).toBe(0);
  });

  it("says when there is no such process", async () => {
    const child = await sleeper();
    child.kill("SIGKILL");
    await once(child, "exit");
    const { exitCode, stderr } = await proc(["-pid", String(child.pid)]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`there is no process ${child.pid}`);
  });
});

describe("nmz inspectors proc, with an orchestrator that is not there", () => {
  it("says so, and the command runs all the same", async () => {
    const url = "http://127.0.0.1:9/api/v3";
    const { exitCode, stdout, stderr } = await proc(["-orchestrator-url", url, "--", "echo", "on"]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("on\n");
    expect(stderr).toContain("127.0.0.1:9");
  });
});
