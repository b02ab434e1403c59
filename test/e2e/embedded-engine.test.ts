import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { isRootPodmanHere } from "../../runtime/engine/podman-here.js";
import { type MachineState, machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { type Finished, runNmzc, startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "podman", "unshare", "nfqueue", "built", "base-image");

let before: MachineState;

beforeAll(() => {
  // Where the tests run on Podman it is there already; the load then changes nothing.
  execFileSync("sh", ["-c", `docker save ${baseImage} | podman load --quiet`], { stdio: "pipe" });
}, 120_000);

beforeEach(() => {
  before = machineState();
});

afterEach(async () => {
  await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  // The kernel tells the child that nmzc has ended; it takes a moment to end, too.
  await expect.poll(services, { timeout: 10_000 }).toEqual([]);
});

function embedded(...args: readonly string[]): Promise<Finished> {
  return runNmzc(["--engine", "embedded", ...args]);
}

/** The children that nmzc has started, by their sockets. */
function services(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandOf(pid))
    .filter((command) => /podman .*system service .*\/run\/nmzc\/engine-/.test(command));
}

/** Of the child that listens at this socket. */
function pidOf(socket: string): string | undefined {
  return readdirSync("/proc").find(
    (name) => /^\d+$/.test(name) && commandOf(name).includes(`/run/nmzc/${socket}`),
  );
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // It ended between the listing and the look.
  }
}

describe("nmzc --engine embedded", () => {
  it("runs a container, shaken from its first instruction, on a Podman that is gone afterwards", async () => {
    const { exitCode, stdout, stderr } = await embedded(
      "run",
      "--rm",
      baseImage,
      "sh",
      "-c",
      "echo in; exit 7",
    );
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 7, stdout: "in\n" });
    expect(stderr).not.toContain("before the inspectors");
    expect(stderr).not.toContain("no container engine runs here");
  });

  it("says with docker's exit codes what cannot be run", async () => {
    expect((await embedded("run", "--rm", baseImage, "nosuch")).exitCode).toBe(127);
    expect((await embedded("run", "--rm", baseImage, "/etc/passwd")).exitCode).toBe(126);
  });

  it("serves several commands at once, each its own", async () => {
    const codes = [1, 2, 3];
    const runs = codes.map((code) => embedded("run", "--rm", baseImage, "sh", "-c", `exit ${code}`));
    expect((await Promise.all(runs)).map(({ exitCode }) => exitCode)).toEqual(codes);
  });

  it("leaves a container of -d to its supervisor, and finds it again", async () => {
    const name = `nmzc-e2e-embedded-${process.pid}`;
    const started = await embedded("run", "-d", "--rm", "--name", name, baseImage, "sleep", "100");
    expect(started.exitCode, started.stderr).toBe(0);
    expect((await embedded("ps", "-q", "--no-trunc")).stdout).toBe(started.stdout);
    expect((await embedded("exec", name, "echo", "inside")).stdout).toBe("inside\n");
    expect((await embedded("stop", "-t", "1", name)).exitCode).toBe(0);
  });

  it("ends with an nmzc that is killed; prune then asks it again, without being told", async () => {
    const nmzc = startNmzc([
      "--engine",
      "embedded",
      "run",
      "--rm",
      baseImage,
      "sh",
      "-c",
      "echo up; sleep 100",
    ]);
    await nmzc.stdoutHas("up");
    expect(services()).toHaveLength(1);
    nmzc.process.kill("SIGKILL");
    await nmzc.finished;
    await vi.waitFor(() => expect(services()).toEqual([]), { timeout: 10_000, interval: 20 });
    const pruned = await runNmzc(["prune"]);
    expect(pruned).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("container ") });
  });

  it("goes on when Podman is killed under a run", async () => {
    const nmzc = startNmzc([
      "--engine",
      "embedded",
      "run",
      "--rm",
      baseImage,
      "sh",
      "-c",
      "echo up; sleep 4; exit 9",
    ]);
    await nmzc.stdoutHas("up");
    process.kill(Number(pidOf(`engine-${nmzc.process.pid}.sock`)), "SIGKILL");
    expect((await nmzc.finished).exitCode).toBe(9);
  });
});

describe("nmzc on a machine where no engine answers", () => {
  it("starts Podman by itself, and says so in one line", async () => {
    // Sockets that lead nowhere, in a mount namespace of their own.
    const hide =
      "for s in /run/docker.sock /run/podman/podman.sock; do [ ! -e $s ] || mount --bind /dev/null $s; done";
    const nmzc = `exec "$0" dist/bin/nmzc.js run --rm ${baseImage} echo in`;
    const output = execFileSync("unshare", ["-m", "sh", "-c", `${hide}; (${nmzc}) 2>&1`, process.execPath], {
      encoding: "utf8",
      env: { ...process.env, DOCKER_HOST: "", NMZC_ENGINE: "" },
    });
    const lines = output.split("\n").filter((line) => line.includes("no container engine runs here"));
    expect(lines).toEqual([
      "nmzc: no container engine runs here: started Podman for this command (--engine embedded)",
    ]);
    expect(output).toContain("\nin\n");
  });
});

describe("A Podman service of root's", () => {
  it("is told from what forwards it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nmzc-podman-here-"));
    const [service, way] = [join(folder, "service.sock"), join(folder, "way.sock")];
    const podman = spawn("podman", ["system", "service", "--time=0", `unix://${service}`], {
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => podman.once("exit", resolve));
    const forwarder = createServer((client) => client.pipe(connect(service)).pipe(client));
    try {
      await new Promise<void>((resolve) => forwarder.listen(way, resolve));
      await expect.poll(() => isRootPodmanHere(service), { timeout: 30_000 }).toBe(true);
      expect(isRootPodmanHere(way)).toBe(false);
    } finally {
      forwarder.close();
      podman.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
    expect(isRootPodmanHere(service)).toBe(false);
  });
});
