import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type MachineState, machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc, startNmzc } from "../helpers/run-nmzc.js";
import { latestRun } from "../helpers/traces.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

let folder: string;
let before: MachineState;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-robust-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  before = machineState();
});
afterEach(() => {
  expect(machineState()).toEqual(before);
});

describe("A run", () => {
  it("ends at once when the workload exits while 1,000 packets are held", async () => {
    const config = join(folder, "slow.toml");
    writeFileSync(
      config,
      '[container]\nenableEthernetInspector = true\n[explorePolicyParam]\nminInterval = "60s"\nmaxInterval = "90s"\n',
    );
    const out = join(folder, "held");
    const script = "for i in $(seq 1000); do echo $i >/dev/udp/127.0.0.1/9; done";
    const startedMs = performance.now();
    const run = await runNmzc([
      "run",
      "--rm",
      "--nmz-autopilot",
      config,
      "--nmz-out",
      out,
      baseImage,
      "bash",
      "-c",
      script,
    ]);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(30_000);
    expect(
      latestRun(out).inspectors.find(({ inspector }) => inspector === "ethernet")?.events,
    ).toBeGreaterThanOrEqual(1000);
  });

  it("survives a workload that forks as fast as it can", async () => {
    const run = await runNmzc([
      "run",
      "--rm",
      baseImage,
      "bash",
      "-c",
      "for i in $(seq 3000); do (:); done; echo done",
    ]);
    expect(run).toMatchObject({ exitCode: 0, stdout: "done\n" });
  });

  it("runs an image that has no shell", async () => {
    const root = join(folder, "shell-less");
    mkdirSync(root);
    writeFileSync(
      join(root, "hello.c"),
      '#include <stdio.h>\nint main(void){puts("no shell here");return 9;}\n',
    );
    execFileSync("gcc", ["-static", "-o", join(root, "hello"), join(root, "hello.c")]);
    const tar = execFileSync("tar", ["-C", root, "-c", "hello"]);
    execFileSync("docker", ["import", "-", "nmzc-e2e/shell-less"], {
      input: tar,
      stdio: ["pipe", "ignore", "inherit"],
    });
    const run = await runNmzc(["run", "--rm", "nmzc-e2e/shell-less", "/hello"]);
    execFileSync("docker", ["image", "rm", "nmzc-e2e/shell-less"], { stdio: "ignore" });
    expect(run).toMatchObject({ exitCode: 9, stdout: "no shell here\n" });
  });

  it("lets go of a volume that somebody on the host still uses", async () => {
    const nmzc = startNmzc([
      "run",
      "--rm",
      "-v",
      `${folder}:/v`,
      baseImage,
      "sh",
      "-c",
      "echo ready; sleep 3",
    ]);
    await nmzc.stdoutHas("ready");
    const mountPoint = readFileSync("/proc/self/mountinfo", "utf8").match(/ (\/run\/nmzc\/\S+) /)?.[1];
    const squatter = spawn("sleep", ["30"], { cwd: mountPoint!, stdio: "ignore" });
    try {
      const { exitCode } = await nmzc.finished;
      expect(exitCode).toBe(0);
      expect(machineState()).toEqual(before);
    } finally {
      squatter.kill();
    }
  });

  it("passes a full disk on to the workload and loses nothing", async () => {
    const small = join(folder, "small");
    mkdirSync(small);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small]);
    try {
      const script = "echo kept >/v/kept; head -c 4000000 /dev/zero >/v/big; echo $?; rm /v/big; cat /v/kept";
      const run = await runNmzc(["run", "--rm", "-v", `${small}:/v`, baseImage, "sh", "-c", script]);
      expect(run).toMatchObject({ exitCode: 0, stdout: "1\nkept\n" });
      expect(run.stderr).toContain("No space left on device");
      expect(readFileSync(join(small, "kept"), "utf8")).toBe("kept\n");
    } finally {
      execFileSync("umount", [small]);
    }
  });

  it("goes on when the terminal of the user is gone, with -d, until the workload ends", async () => {
    const run = await runNmzc([
      "run",
      "-d",
      "--rm",
      "--name",
      "nmzc-e2e-hup",
      baseImage,
      "sh",
      "-c",
      "sleep 2",
    ]);
    expect(run.exitCode).toBe(0);
    await expect.poll(() => machineState(), { timeout: 15_000 }).toEqual(before);
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("ends by the workload's answer to %s", async (signal) => {
    const name = signal.slice(3);
    const script = `trap "exit 9" ${name}; echo ready; while :; do sleep 0.05; done`;
    const nmzc = startNmzc(["run", "--rm", "-v", `${folder}:/v`, baseImage, "bash", "-c", script]);
    await nmzc.stdoutHas("ready");
    nmzc.process.kill(signal);
    expect((await nmzc.finished).exitCode).toBe(9);
  });

  it("40 times in a row leaves memory, descriptors and the machine as they were", async () => {
    for (let i = 0; i < 40; i++) {
      const run = await runNmzc(["run", "--rm", "-v", `${folder}:/v`, baseImage, "true"]);
      expect(run.exitCode, run.stderr).toBe(0);
    }
    expect(readdirSync("/sys/fs/fuse/connections").length).toBe(0);
  });
});
