import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { spawn } from "node-pty";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseImage, listedBaseImage, requires } from "../helpers/requires.js";
import { type Finished, runNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image", "package:node-pty");

const cli = fileURLToPath(new URL("../../dist/bin/nmzc.js", import.meta.url));
const name = `nmzt-own-${process.pid}`;
const foreign = `nmzt-foreign-${process.pid}`;
const script = "echo out; echo err >&2; trap 'echo bye; exit 3' TERM; while :; do sleep 0.1; done";

let id: string;
beforeAll(async () => {
  const { stdout } = await nmzc(
    `run -d --name ${name} --nmz-seed own --nmz-disable fs ${baseImage} sh -c`,
    script,
  );
  id = stdout.trim();
  execFileSync("docker", ["run", "-d", "--rm", "--name", foreign, baseImage, "sleep", "1000"], {
    stdio: "ignore",
  });
});
afterAll(() => {
  execFileSync("docker", ["rm", "-f", name, foreign], { stdio: "ignore" });
});

function nmzc(line: string, ...last: readonly string[]): Promise<Finished> {
  return runNmzc([...line.split(" "), ...last]);
}

describe("the containers that nmzc runs", () => {
  it("are listed by ps, docker's own are not", async () => {
    expect(id).toMatch(/^[\da-f]{64}$/);
    const { exitCode, stdout } = await nmzc("ps --format json");
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(exitCode).toBe(0);
    expect(rows.find((row) => row.Names === name)).toMatchObject({
      ID: id.slice(0, 12),
      Image: listedBaseImage,
      Seed: "own",
    });
    expect(rows.find((row) => row.Names === foreign)).toBeUndefined();
    expect((await nmzc("ps -q --no-trunc")).stdout.split("\n")).toContain(id);
  });

  it("show their output, stdout and stderr apart", async () => {
    expect(await nmzc(`logs ${name}`)).toMatchObject({ exitCode: 0, stdout: "out\n", stderr: "err\n" });
    expect((await nmzc(`logs --tail 0 ${name}`)).stdout).toBe("");
    expect((await nmzc(`logs -t ${name}`)).stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z out\n$/);
    expect((await nmzc(`logs --since 1h ${name}`)).stdout).toBe("out\n");
    expect((await nmzc(`logs --until 1h ${name}`)).stdout).toBe("");
  });

  it("show what nmzc said in the background when the run is over", async () => {
    const brief = `${name}-brief`;
    await nmzc(`run -d --name ${brief} --nmz-seed brief ${baseImage} echo hello`);
    try {
      const { stdout, stderr } = await nmzc(`logs -f ${brief}`);
      expect(stdout).toBe("hello\n");
      expect(stderr).toMatch(/^nmzc: seed brief: \d+ events .* delayed\. Faults injected: 0$/m);
    } finally {
      execFileSync("docker", ["rm", "-f", brief], { stdio: "ignore" });
    }
  });

  it("take commands by exec, with environment, folder, user, stdin and exit code", async () => {
    const run = await nmzc(
      `exec -e A=1 -w /tmp -u 65534:65534 ${name} sh -c`,
      "echo $A $PWD $(id -u); exit 7",
    );
    expect(run).toMatchObject({ exitCode: 7, stdout: "1 /tmp 65534\n", stderr: "" });
    const piped = await runNmzc(["exec", "-i", name, "cat"], { input: "through stdin" });
    expect(piped).toMatchObject({ exitCode: 0, stdout: "through stdin" });
    expect((await nmzc(`exec ${name} sh -c`, "echo no >&2")).stderr).toBe("no\n");
    // 126 from an engine before 23, 127 from later ones: it is the engine's to say.
    expect([126, 127]).toContain((await nmzc(`exec ${name} nosuch-command`)).exitCode);
  });

  it("give exec -it a terminal of our size", async () => {
    const shell = spawn(process.execPath, [cli, "exec", "-it", name, "bash"], { cols: 93, rows: 31 });
    let screen = "";
    shell.onData((data) => {
      screen += data;
    });
    const ended = new Promise<number>((resolve) => shell.onExit(({ exitCode }) => resolve(exitCode)));
    // The engine can only size a terminal whose command has started, so the first look may come too early.
    shell.write("until stty size | grep 31.93; do sleep 0.05; done; tty\r");
    await expect.poll(() => screen, { timeout: 20_000 }).toMatch(/31 93\s+\/dev\/pts\/\d/);
    shell.write("exit 5\r");
    expect(await ended).toBe(5);
  });

  it.each(["logs", "stop"])("are the only ones that %s touches", async (command) => {
    const { exitCode, stderr } = await nmzc(`${command} ${foreign}`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`container ${foreign} was not made by nmzc`);
    expect(execFileSync("docker", ["ps", "-q", "-f", `name=${foreign}`]).toString()).not.toBe("");
  });

  it("are stopped by stop, followed by logs -f to their end, and listed by ps -a then", async () => {
    const followed = nmzc(`logs -f ${name}`);
    expect(await nmzc(`stop -t 10 ${name}`)).toMatchObject({ exitCode: 0, stdout: `${name}\n` });
    expect((await followed).stdout).toBe("out\nbye\n");
    expect((await nmzc("ps -q --no-trunc")).stdout.split("\n")).not.toContain(id);
    const all = (await nmzc("ps -a")).stdout.split("\n").find((line) => line.includes(name));
    expect(all).toContain("Exited (3)");
    expect((await nmzc(`exec ${name} true`)).stderr).toContain(`container ${name} is not running`);
  });
});
