import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isMounted } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { runNmzc } from "../../helpers/run-nmzc.js";
import { attached, interrupted, journalsOf, Workplace } from "./inspector-command.js";

requires("root", "fuse", "built");

let workplace: Workplace;
let original: string;
let mountPoint: string;
beforeEach(() => {
  workplace = new Workplace();
  original = workplace.folder("original");
  mountPoint = workplace.folder("mount");
});
afterEach(() => {
  if (isMounted(mountPoint)) execFileSync("umount", ["-l", mountPoint]);
  workplace.remove();
});

/** In a process of its own: whoever serves files must not wait for itself, nor the test for a server that hangs. */
function shell(script: string, user = "0"): string {
  const command = ["--reuid", user, "--regid", user, "--clear-groups", "sh", "-c", script];
  return execFileSync("setpriv", command, { encoding: "utf8", timeout: 20_000 });
}

function start(...words: readonly string[]) {
  return attached("fs", "-original-dir", original, "-mount-point", mountPoint, ...words);
}

describe("nmz inspectors fs", () => {
  it("shows the folder, does what is done there as whoever did it, and counts it", async () => {
    execFileSync("chmod", ["777", original, workplace.path]);
    writeFileSync(`${original}/old`, "old");
    const started = await start("--seed", "tuna");
    expect(
      shell(`cat ${mountPoint}/old; mkdir ${mountPoint}/made; echo new > ${mountPoint}/new`, "12345"),
    ).toBe("old");
    const said = await interrupted(started);
    expect(said).toContain(`fs: ${mountPoint} shows ${original}`);
    expect(said).toMatch(/seed tuna: [1-9]\d* events \(fs [1-9]/);
    expect(isMounted(mountPoint)).toBe(false);
    expect(readdirSync(mountPoint)).toEqual([]);
    expect(readFileSync(`${original}/new`, "utf8")).toBe("new\n");
    expect(statSync(`${original}/made`).uid).toBe(12345);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("unmounts at %s", async (signal) => {
    const started = await start();
    expect(isMounted(mountPoint)).toBe(true);
    started.process.kill(signal);
    expect((await started.finished).exitCode).toBe(0);
    expect(isMounted(mountPoint)).toBe(false);
    expect(journalsOf(started.process.pid!)).toEqual([]);
  });

  it("detaches a mount that is in use at the end, and says so", async () => {
    const started = await start();
    const user = spawn("sh", ["-c", "echo in; exec sleep 100"], { cwd: mountPoint });
    await once(user.stdout, "data");
    expect(await interrupted(started)).toContain("fs: busy: detached");
    expect(isMounted(mountPoint)).toBe(false);
    user.kill("SIGKILL");
    await once(user, "exit");
  });

  it("is cleaned up after, when it was killed, by the next that starts", async () => {
    const killed = await start();
    killed.process.kill("SIGKILL");
    await killed.finished;
    expect(isMounted(mountPoint)).toBe(true);
    const next = await start();
    expect(shell(`echo 1 > ${mountPoint}/file; cat ${mountPoint}/file`)).toBe("1\n");
    expect(await interrupted(next)).toContain(`left by a killed inspector, and undone: run`);
    expect(isMounted(mountPoint)).toBe(false);
    expect(journalsOf(killed.process.pid!)).toEqual([]);
  });

  it("is cleaned up after by nmz prune, without a container engine", async () => {
    const killed = await start();
    killed.process.kill("SIGKILL");
    await killed.finished;
    const env = { ...process.env, DOCKER_HOST: "unix:///nonexistent" };
    const pruned = await runNmzc(["prune"], { command: "nmz", env });
    expect(pruned.stdout).toContain(`mount ${mountPoint}`);
    expect(isMounted(mountPoint)).toBe(false);
    expect(journalsOf(killed.process.pid!)).toEqual([]);
  });

  it("says what is wrong with a mount point, and leaves nothing behind", async () => {
    const words = ["inspectors", "fs", "-original-dir", original, "-mount-point", `${original}/absent`];
    const { exitCode, stderr } = await runNmzc(words, { command: "nmz" });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${original}/absent cannot be used`);
  });

  it("fails operations that the policy fails", async () => {
    const autopilot = workplace.file(
      "faults.toml",
      'explorePolicy = "random"\n[explorePolicyParam]\nfaultActionProbability = 1.0\n',
    );
    const started = await start("-autopilot", autopilot);
    expect(() => shell(`mkdir ${mountPoint}/made 2>&1`)).toThrow();
    expect(await interrupted(started)).toMatch(/Faults injected: [1-9]/);
    expect(readdirSync(original)).toEqual([]);
  });
});
