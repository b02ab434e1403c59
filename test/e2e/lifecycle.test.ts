import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type MachineState, machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { type Finished, runNmzc, startNmzc } from "../helpers/run-nmzc.js";
import { latestTrace } from "../helpers/traces.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

const prefix = `nmzt-lifecycle-${process.pid}`;
let folder: string;
let before: MachineState;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-lifecycle-"));
  mkdirSync(join(folder, "volume"));
  writeFileSync(join(folder, "volume", "file"), "x");
  before = machineState();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function docker(...args: string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

function volume(): string[] {
  return ["-v", `${join(folder, "volume")}:/v`];
}

function supervisorOf(seed: string): number {
  const journals = readdirSync("/run/nmzc").filter((name) => name.endsWith(".json"));
  const contents = journals.map((name) => JSON.parse(readFileSync(join("/run/nmzc", name), "utf8")));
  return contents.find((content) => content.seed === seed).pid as number;
}

describe("A signal at any moment", () => {
  const script = 'trap "exit 3" INT TERM HUP; while :; do sleep 0.05; done';
  // Every stage, from the first instruction of Node to a workload that runs: its own trap answers then.
  const delaysMs = [20, 80, 130, 170, 200, 230, 260, 300, 350, 400, 500, 700, 1200];

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s leaves nothing, with --rm and without", { timeout: 120_000 }, async (signal, exitCode) => {
    for (const [index, delayMs] of delaysMs.entries()) {
      const name = `${prefix}-${signal}-${index}`;
      const flags = index % 2 === 0 ? ["--rm"] : [];
      const nmzc = startNmzc(["run", ...flags, "--name", name, ...volume(), baseImage, "sh", "-c", script]);
      await sleep(delayMs);
      nmzc.process.kill(signal);
      // A first process has no default answer: what comes before its trap is lost, under docker too.
      const again = setInterval(() => nmzc.process.kill(signal), 2000);
      const finished = await nmzc.finished;
      clearInterval(again);
      // null: before nmzc could listen for signals.
      expect([exitCode, 3, null], `${delayMs} ms: ${finished.stderr}`).toContain(finished.exitCode);
      if (finished.exitCode === 3 && flags.length === 0) docker("rm", name);
      expect(machineState(), `after ${delayMs} ms`).toEqual(before);
    }
  });
});

describe("A supervisor that is killed", () => {
  async function startAndKill(seed: string): Promise<string> {
    const args = ["run", "-d", "--rm", "--nmz-seed", seed, ...volume(), baseImage, "sleep", "100"];
    const { stdout } = await runNmzc(args);
    process.kill(supervisorOf(seed), "SIGKILL");
    return stdout.trim();
  }

  it("is cleaned up after by nmzc prune, which says what it did", async () => {
    const id = await startAndKill(`${prefix}-prune`);
    const { exitCode, stdout } = await runNmzc(["prune"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`container ${id.slice(0, 12)}`);
    expect(machineState()).toEqual(before);
  });

  it("is cleaned up after by the next run", async () => {
    await startAndKill(`${prefix}-sweep`);
    expect((await runNmzc(["run", "--rm", baseImage, "true"])).exitCode).toBe(0);
    expect(machineState()).toEqual(before);
  });

  it("leaves nothing when it is killed while it keeps the first process from running", async () => {
    const isStopped = () =>
      readdirSync("/run/nmzc")
        .filter((name) => name.endsWith(".json"))
        .some((name) => readFileSync(join("/run/nmzc", name), "utf8").includes("stopped-process"));
    let undone = "";
    // It is stopped for some milliseconds: a busy machine may let us miss them.
    for (let attempt = 0; attempt < 10 && !undone.includes("which was stopped"); attempt++) {
      const nmzc = startNmzc(["run", ...volume(), "--rm", baseImage, "sleep", "1"]);
      let hasEnded = false;
      nmzc.finished.then(() => {
        hasEnded = true;
      });
      while (!hasEnded && !isStopped()) await new Promise((resolve) => setImmediate(resolve));
      nmzc.process.kill("SIGKILL");
      await nmzc.finished;
      const { exitCode, stdout, stderr } = await runNmzc(["prune"]);
      expect(exitCode, stderr).toBe(0);
      undone = stdout;
      await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
    }
    expect(undone).toContain("which was stopped");
  });

  it("leaves nothing that a sweep does not find, whenever it is killed", { timeout: 60_000 }, async () => {
    for (const delayMs of [150, 200, 250, 300, 400, 600]) {
      const args = ["run", ...volume(), "-v", "/anonymous", "--rm", baseImage, "sleep", "100"];
      const nmzc = startNmzc(args);
      await sleep(delayMs);
      nmzc.process.kill("SIGKILL");
      await nmzc.finished;
      // What the engine was doing for it at that moment, it finishes.
      await vi.waitFor(
        async () => {
          expect((await runNmzc(["prune"])).exitCode).toBe(0);
          expect(machineState(), `after ${delayMs} ms`).toEqual(before);
        },
        { timeout: 10_000, interval: 300 },
      );
    }
  });
});

describe("nmzc run", () => {
  function run(...args: string[]): Promise<Finished> {
    return runNmzc(["run", "--rm", ...args]);
  }

  it("refuses a --cidfile that is there before it makes anything, in docker's words", async () => {
    const file = join(folder, "cid");
    writeFileSync(file, "other");
    const name = `${prefix}-cid`;
    const { exitCode, stderr } = await runNmzc(["run", "--name", name, "--cidfile", file, baseImage, "true"]);
    expect(exitCode).toBe(125);
    expect(stderr).toContain(
      `container ID file found, make sure the other container isn't running or delete ${file}`,
    );
    expect(docker("ps", "-aq", "--filter", `name=${name}`)).toBe("");
  });

  it("says that a --cidfile cannot be written, and leaves no container", async () => {
    const { exitCode, stderr } = await runNmzc(["run", "--cidfile", "/nmzc-no-such/cid", baseImage, "true"]);
    expect(exitCode).toBe(125);
    expect(stderr).toContain("failed to create the container ID file");
    expect(machineState()).toEqual(before);
  });

  it("does not take lost output for success, and keeps the exit code of a workload that failed", async () => {
    for (const [own, exitCode] of [
      [0, 125],
      [4, 4],
    ]) {
      const command = ["run", "--rm", baseImage, "sh", "-c", `echo x; exit ${own}`];
      const cli = join(import.meta.dirname, "../../dist/bin/nmzc.js");
      const shell = `"${process.execPath}" "${cli}" "$@" >/dev/full`;
      const result = execShell(shell, command);
      expect(result.exitCode).toBe(exitCode);
      expect(result.stderr).toContain("cannot write output: ENOSPC");
    }
  });

  it("keeps the workload's exit code when the record of the run cannot be stored", async () => {
    const small = join(folder, "small");
    mkdirSync(small);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", small]);
    try {
      const script = "for i in $(seq 200); do ls /v; done; exit 5";
      const { exitCode, stderr } = await run("--nmz-out", small, ...volume(), baseImage, "sh", "-c", script);
      expect(exitCode, stderr).toBe(5);
      expect(stderr).toContain("the result was not stored");
      expect(stderr).not.toContain("should not happen");
    } finally {
      execFileSync("umount", [small]);
    }
  });

  it.each(["/proc/nmzc-no-such", "/dev/full"])("refuses --nmz-out %s", async (path) => {
    const { exitCode, stderr } = await run("--nmz-out", path, baseImage, "true");
    expect(exitCode).toBe(125);
    expect(stderr).toContain(`cannot make the folder ${path}`);
  });

  it("goes on without its client with --sig-proxy=false", async () => {
    const name = `${prefix}-proxy`;
    const args = ["run", "--rm", "--sig-proxy=false", "--name", name, ...volume(), baseImage];
    const nmzc = startNmzc([...args, "sh", "-c", "echo ready; sleep 2; echo done >/v/done"]);
    await nmzc.stdoutHas("ready");
    await sleep(100); // its output may overtake the word that it runs
    nmzc.process.kill("SIGTERM");
    expect((await nmzc.finished).signal).toBe("SIGTERM");
    await expect.poll(() => existsSync(join(folder, "volume", "done")), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });

  it("tells a user without rights what is missing, how to get it, and no stack", () => {
    const cli = join(import.meta.dirname, "../../dist/bin/nmzc.js");
    const drop = ["--reuid", "65534", "--regid", "65534", "--clear-groups", process.execPath, cli];
    for (const command of [["run", "--rm", baseImage, "true"], ["ps"], ["prune"]]) {
      const { exitCode, stderr } = execShell('exec setpriv "$@"', [...drop, ...command]);
      expect(exitCode).toBe(command[0] === "ps" ? exitCode : 125);
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/run with sudo|run nmzc as root/);
      expect(stderr).not.toMatch(/ at .*:\d+:\d+|should not happen/);
    }
  });

  it("decides the same about packets and files with the same seed", async () => {
    const perl = `use Socket; socket(my $s, AF_INET, SOCK_DGRAM, 0); my $to = sockaddr_in(9, INADDR_LOOPBACK);
      for (1..10) { send($s, "message $_", 0, $to); open my $f, "<", "/v/file"; <$f>; select undef, undef, undef, 0.02 }`;
    const decisions: string[][] = [];
    for (const name of ["first", "second"]) {
      const out = join(folder, name);
      const flags = ["--nmz-seed", "the-same", "--nmz-disable", "proc", "--nmz-out", out];
      const { exitCode, stderr } = await run(...flags, ...volume(), baseImage, "perl", "-e", perl);
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toContain("seed the-same");
      const lines = latestTrace(out).filter(({ hint }) => !String(hint).startsWith("icmp"));
      decisions.push(
        lines.map(({ entity, hint, action, delayMs }) => [entity, hint, action, delayMs].join(" ")).sort(),
      );
    }
    expect(decisions[0]!.length).toBeGreaterThanOrEqual(20);
    expect(decisions[1]).toEqual(decisions[0]);
  });
});

function execShell(script: string, args: string[]): { exitCode: number; stderr: string } {
  try {
    execFileSync("bash", ["-c", script, "bash", ...args], { stdio: ["ignore", "ignore", "pipe"] });
    return { exitCode: 0, stderr: "" };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: Buffer };
    return { exitCode: status, stderr: stderr.toString() };
  }
}
