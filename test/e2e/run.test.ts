import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type MachineState, machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc, startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

let folder: string;
let before: MachineState;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-e2e-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("nmzc run", () => {
  beforeEach(() => {
    before = machineState();
  });
  afterEach(() => {
    expect(machineState()).toEqual(before);
  });

  it("passes on the workload's exit code", async () => {
    const { exitCode, stdout } = await runNmzc(["run", "--rm", baseImage, "sh", "-c", "echo out; exit 42"]);
    expect(exitCode).toBe(42);
    expect(stdout).toBe("out\n");
  });

  it("keeps stdout and stderr apart and half-closes stdin", async () => {
    const script = "cat | wc -c; echo oops >&2";
    const run = await runNmzc(["run", "--rm", "-i", baseImage, "sh", "-c", script], {
      input: "x".repeat(300_000),
    });
    expect(run).toMatchObject({ exitCode: 0, stdout: "300000\n" });
    expect(run.stderr).toContain("oops\n");
  });

  it("exits with 127 for a command that is not there, and leaves no container despite --rm", async () => {
    const { exitCode, stderr } = await runNmzc(["run", "--rm", baseImage, "no-such-command"]);
    expect(exitCode).toBe(127);
    expect(stderr).toContain("no-such-command");
  });

  it("exits with 126 for a command that cannot be invoked", async () => {
    const { exitCode } = await runNmzc(["run", "--rm", baseImage, "/etc/passwd"]);
    expect(exitCode).toBe(126);
  });

  it("exits with 125 for an image that is not here and may not be pulled", async () => {
    const { exitCode, stderr } = await runNmzc([
      "run",
      "--rm",
      "--pull",
      "never",
      "nmzc/no-such-image",
      "true",
    ]);
    expect(exitCode).toBe(125);
    expect(stderr).toContain("nmzc/no-such-image");
  });

  it("exits with 125 for an unknown flag and names the nearest", async () => {
    const { exitCode, stderr } = await runNmzc(["run", "--volum", "/a:/b", baseImage]);
    expect(exitCode).toBe(125);
    expect(stderr).toContain("--volum");
    expect(stderr).toContain("--volume");
  });

  it("serves a volume in both directions, and read-only when asked", async () => {
    const source = join(folder, "both");
    mkdirSync(source);
    writeFileSync(join(source, "in"), "hello\n");
    const script = "cat /v/in; echo world >/v/out; mkdir /v/made; touch /ro/x && echo writable";
    const run = await runNmzc([
      "run",
      "--rm",
      "-v",
      `${source}:/v`,
      "-v",
      `${source}:/ro:ro`,
      baseImage,
      "sh",
      "-c",
      script,
    ]);
    expect(run.stdout).toBe("hello\n");
    expect(run.stderr).toContain("Read-only file system");
    expect(readFileSync(join(source, "out"), "utf8")).toBe("world\n");
    rmSync(join(source, "made"), { recursive: true });
  });

  it("serves a single file", async () => {
    const file = join(folder, "single");
    writeFileSync(file, "one\n");
    const run = await runNmzc([
      "run",
      "--rm",
      "-v",
      `${file}:/etc/single`,
      baseImage,
      "sh",
      "-c",
      "cat /etc/single; echo two >/etc/single",
    ]);
    expect(run.stdout).toBe("one\n");
    expect(readFileSync(file, "utf8")).toBe("two\n");
  });

  it("fills an empty named volume from the image, as docker does", async () => {
    const name = "nmzc-e2e-named";
    const run = await runNmzc(["run", "--rm", "-v", `${name}:/etc/apt`, baseImage, "ls", "/etc/apt"]);
    execFileSync("docker", ["volume", "rm", name]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("sources.list");
  });

  it("removes an anonymous volume with --rm", async () => {
    const run = await runNmzc([
      "run",
      "--rm",
      "-v",
      "/etc/apt",
      baseImage,
      "sh",
      "-c",
      "ls /etc/apt; touch /etc/apt/x",
    ]);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toContain("sources.list");
  });

  it("forwards a signal to the workload", async () => {
    const script = 'trap "echo got it; exit 7" TERM; echo ready; while :; do sleep 0.1; done';
    const nmzc = startNmzc(["run", "--rm", baseImage, "sh", "-c", script]);
    await nmzc.stdoutHas("ready");
    nmzc.process.kill("SIGTERM");
    expect(await nmzc.finished).toMatchObject({ exitCode: 7, stdout: "ready\ngot it\n" });
  });

  it("with -d prints the ID, supervises in the background and cleans up at the workload's end", async () => {
    const run = await runNmzc([
      "run",
      "-d",
      "--rm",
      "-v",
      `${folder}:/v`,
      baseImage,
      "sh",
      "-c",
      "sleep 5; cat /v/late; exit 3",
    ]);
    expect(run).toMatchObject({ exitCode: 0 });
    const id = run.stdout.trim();
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    const ps = await runNmzc(["ps", "--no-trunc", "-q"]);
    expect(ps.stdout).toContain(id);
    execFileSync("docker", ["wait", id], { stdio: "ignore" });
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });

  it("stops, execs and shows the logs of its own containers, and of no others", async () => {
    const started = await runNmzc([
      "run",
      "-d",
      "--name",
      "nmzc-e2e-own",
      baseImage,
      "sh",
      "-c",
      "echo hello; sleep 100",
    ]);
    expect(started).toMatchObject({ exitCode: 0 });
    const exec = await runNmzc(["exec", "nmzc-e2e-own", "sh", "-c", "echo inside; exit 5"]);
    expect(exec).toMatchObject({ exitCode: 5, stdout: "inside\n" });
    expect((await runNmzc(["logs", "nmzc-e2e-own"])).stdout).toBe("hello\n");
    expect((await runNmzc(["stop", "-t", "1", "nmzc-e2e-own"])).stdout).toBe("nmzc-e2e-own\n");
    const foreign = execFileSync("docker", ["create", baseImage, "true"], { encoding: "utf8" }).trim();
    const refused = await runNmzc(["stop", foreign]);
    execFileSync("docker", ["rm", "-f", foreign, "nmzc-e2e-own"]);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain(foreign);
    await expect.poll(() => machineState().processes, { timeout: 10_000 }).toEqual([]);
  });

  it("undoes everything when a signal comes before the workload runs", async () => {
    const nmzc = startNmzc(["run", "--rm", "-v", `${folder}:/v`, baseImage, "true"]);
    await new Promise((resolve) => setTimeout(resolve, 150));
    nmzc.process.kill("SIGINT");
    const { exitCode, signal } = await nmzc.finished;
    // 0: it came too late; SIGINT: before nmzc had done anything.
    expect([0, 130, "SIGINT"]).toContain(signal ?? exitCode);
  });

  it("after kill -9 says what is left, and prune removes it", async () => {
    const nmzc = startNmzc([
      "run",
      "--rm",
      "-v",
      `${folder}:/v`,
      baseImage,
      "sh",
      "-c",
      "echo ready; sleep 100",
    ]);
    await nmzc.stdoutHas("ready");
    nmzc.process.kill("SIGKILL");
    await nmzc.finished;
    expect(machineState()).not.toEqual(before);
    const prune = await runNmzc(["prune"]);
    expect(prune.exitCode).toBe(0);
    expect(prune.stdout).toMatch(/undone: .*container/);
    expect(prune.stdout).toMatch(/undone: .*mount/);
  });

  it("runs 20 at the same time", async () => {
    const runs = Array.from({ length: 20 }, (_, index) =>
      runNmzc([
        "run",
        "--rm",
        "-v",
        `${folder}:/v`,
        baseImage,
        "sh",
        "-c",
        `echo ${index} >/v/n${index}; cat /v/n${index}; exit ${index}`,
      ]),
    );
    for (const [index, run] of (await Promise.all(runs)).entries()) {
      expect(run, run.stderr).toMatchObject({ exitCode: index, stdout: `${index}\n` });
    }
  });

  it("leaves a folder with the result and the trace when asked", async () => {
    const out = join(folder, "out");
    const args = [
      "run",
      "--rm",
      "--nmz-seed",
      "tuna",
      "--nmz-out",
      out,
      "-v",
      `${folder}:/v`,
      baseImage,
      "ls",
      "/v",
    ];
    expect(await runNmzc(args)).toMatchObject({ exitCode: 0 });
    const result = JSON.parse(readFileSync(join(out, "latest", "run.json"), "utf8"));
    expect(result).toMatchObject({
      nmzRun: 2,
      seed: "tuna",
      exitCode: 0,
      image: baseImage,
      command: ["ls", "/v"],
    });
    const trace = readFileSync(join(out, "latest", "trace.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(trace[0]).toMatchObject({ nmzTrace: 2, seed: "tuna" });
    expect(trace.length).toBeGreaterThan(1);
  });
});
