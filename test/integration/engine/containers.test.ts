import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, EngineError, exitCodeOfStartError, openEngine } from "../../../runtime/engine/index.js";
import { baseImage, requires } from "../../helpers/requires.js";
import { gatherBoth } from "./gather.js";
import { createTestContainer, startAttached, testLabel, withStdin } from "./test-container.js";

requires("root", "docker", "base-image");

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});

describe("DockerEngine", () => {
  it("knows the engine, its cgroups and its folder", () => {
    expect(engine.info.name).toMatch(/^(Docker Engine|Podman) \d/);
    expect([1, 2]).toContain(engine.info.cgroupVersion);
    expect(engine.info.rootDir).toMatch(/^\//);
  });

  it("inspects an image that is here and none that is not", async () => {
    const image = await engine.inspectImage(baseImage);
    expect(image?.id).toMatch(/^sha256:/);
    expect(image?.platform).toMatch(/^linux\//);
    expect(await engine.inspectImage("nmzt-engine-no-such-image")).toBeUndefined();
  });

  it("runs a command with its streams apart and its own exit code", async () => {
    await using container = await createTestContainer(engine, [
      "bash",
      "-c",
      "echo out; echo err >&2; exit 42",
    ]);
    const { attachment, exitCode } = await startAttached(engine, container.id, { stdin: false, tty: false });
    expect(await gatherBoth(attachment)).toEqual({ stdout: "out\n", stderr: "err\n" });
    expect(await exitCode).toBe(42);
    expect(await engine.inspectContainer(container.id)).toMatchObject({
      state: "exited",
      exitCode: 42,
      pid: 0,
    });
  });

  it("misses no word and no exit of a container that ends at once and is removed", async () => {
    for (let round = 0; round < 3; round++) {
      await using container = await createTestContainer(engine, ["echo", "gone"], {
        HostConfig: { AutoRemove: true },
      });
      const removed = engine.waitContainer(container.id, "removed");
      const { attachment, exitCode } = await startAttached(engine, container.id, {
        stdin: false,
        tty: false,
      });
      expect((await gatherBoth(attachment)).stdout).toBe("gone\n");
      expect(await exitCode).toBe(0);
      await removed;
      await expect(engine.inspectContainer(container.id)).rejects.toMatchObject({
        code: "NO_SUCH_CONTAINER",
      });
    }
  });

  it("mixes nothing and translates line ends with a tty", async () => {
    await using container = await createTestContainer(engine, ["bash", "-c", "tty; echo err >&2"], {
      Tty: true,
    });
    const { attachment } = await startAttached(engine, container.id, { stdin: false, tty: true });
    expect(await gatherBoth(attachment)).toEqual({ stdout: "/dev/pts/0\r\nerr\r\n", stderr: "" });
  });

  it("resizes the tty of a running container", async () => {
    const script = "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done";
    await using container = await createTestContainer(engine, ["bash", "-c", script], { Tty: true });
    const { attachment } = await startAttached(engine, container.id, { stdin: false, tty: true });
    await new Promise((resolve) => attachment.stdout.once("data", resolve));
    await engine.resizeContainer(container.id, 101, 33);
    expect((await gatherBoth(attachment)).stdout).toBe("33 101\r\n");
  });

  it.each([
    ["a command that is not there", ["nmzt-nope"], 127],
    ["a path that is not there", ["/nmzt/nope"], 127],
    ["a file that cannot be executed", ["/etc/passwd"], 126],
    ["a folder", ["/etc"], 126],
  ])("says for %s what docker run would exit with", async (_, command, exitCode) => {
    await using container = await createTestContainer(engine, command);
    const error = await engine.startContainer(container.id).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EngineError);
    expect(exitCodeOfStartError(error)).toBe(exitCode);
  });

  it("kills with any signal and tells it in the exit code", async () => {
    await using container = await createTestContainer(engine, [
      "bash",
      "-c",
      "trap 'exit 9' USR1; echo up; while :; do sleep 0.05; done",
    ]);
    const { attachment, exitCode } = await startAttached(engine, container.id, { stdin: false, tty: false });
    await new Promise((resolve) => attachment.stdout.once("data", resolve));
    await engine.killContainer(container.id, "SIGUSR1");
    expect(await exitCode).toBe(9);
    await expect(engine.killContainer(container.id, "SIGTERM")).rejects.toMatchObject({ status: 409 });
  });

  it("stops with a signal of the caller's choice, and by force when that is not heard", async () => {
    const deaf = "trap '' TERM; trap 'exit 5' INT; echo up; while :; do sleep 0.05; done";
    for (const [signal, code] of [
      ["SIGINT", 5],
      ["SIGTERM", 137],
    ] as const) {
      await using container = await createTestContainer(engine, ["bash", "-c", deaf]);
      const { attachment, exitCode } = await startAttached(engine, container.id, {
        stdin: false,
        tty: false,
      });
      await new Promise((resolve) => attachment.stdout.once("data", resolve));
      await engine.stopContainer(container.id, 1, signal);
      expect(await exitCode).toBe(code);
      await engine.stopContainer(container.id, 1, signal); // stopping twice is no failure
      await engine.stopContainer(container.id, 1, undefined);
    }
  });

  it("reads logs with the streams apart, in part, and followed to the end", async () => {
    const script = "for i in 1 2 3; do echo out$i; echo err$i >&2; done; sleep 0.3; echo last";
    await using container = await createTestContainer(engine, ["bash", "-c", script]);
    await engine.startContainer(container.id);
    const all = { follow: false, tail: "all", timestamps: false, since: "", until: "" };
    const followed = await gatherBoth(await engine.containerLogs(container.id, { ...all, follow: true }));
    expect(followed).toEqual({ stdout: "out1\nout2\nout3\nlast\n", stderr: "err1\nerr2\nerr3\n" });
    expect(await gatherBoth(await engine.containerLogs(container.id, all))).toEqual(followed);
    const tail = await gatherBoth(
      await engine.containerLogs(container.id, { ...all, tail: "1", timestamps: true }),
    );
    expect(tail.stdout).toMatch(/^\d{4}-\d\d-\d\dT\S+Z last\n$/);
    await expect(engine.containerLogs("nmzt-none", all)).rejects.toMatchObject({ code: "NO_SUCH_CONTAINER" });
  });

  it("lists by label what runs, or everything, with state and ports", async () => {
    const body = { ExposedPorts: { "80/tcp": {} } } as const;
    await using running = await createTestContainer(engine, ["sleep", "60"], body, "nmzt-engine-list");
    await using created = await createTestContainer(engine, ["true"]);
    await engine.startContainer(running.id);
    const ids = async (all: boolean) =>
      (await engine.listContainers({ all, label: testLabel })).map(({ id }) => id);
    expect(await ids(false)).toEqual([running.id]);
    expect((await ids(true)).sort()).toEqual([running.id, created.id].sort());
    const [info] = await engine.listContainers({ all: false, label: testLabel });
    expect(info).toMatchObject({
      name: "nmzt-engine-list",
      state: "running",
      status: expect.stringMatching(/^Up (Less than|\d)/),
      command: "sleep 60",
      ports: "80/tcp",
      labels: { "nmzt.engine": "1" },
    });
    expect(info?.pid).toBeGreaterThan(1);
  });

  it("says in docker's words that a name is taken", async () => {
    await using container = await createTestContainer(engine, ["true"], {}, "nmzt-engine-name");
    expect(container.id).not.toBe("");
    await expect(createTestContainer(engine, ["true"], {}, "nmzt-engine-name")).rejects.toMatchObject({
      status: 409,
      code: "CONFLICT",
      message: expect.stringContaining("already in use"),
    });
  });

  it("makes, finds and removes volumes", async () => {
    const named = await engine.createVolume("nmzt-engine-volume", undefined, {}, { nmzt: "1" });
    expect(named).toMatchObject({ name: "nmzt-engine-volume", driver: "local" });
    expect(named.mountpoint).toContain("nmzt-engine-volume");
    expect(await engine.inspectVolume("nmzt-engine-volume")).toEqual(named);
    await engine.removeVolume("nmzt-engine-volume");
    expect(await engine.inspectVolume("nmzt-engine-volume")).toBeUndefined();
    const anonymous = await engine.createVolume(undefined, undefined, {}, {});
    expect(anonymous.name).toMatch(/^[0-9a-f]{64}$/);
    await engine.removeVolume(anonymous.name);
    await expect(engine.removeVolume(anonymous.name)).rejects.toMatchObject({ code: "NO_SUCH_VOLUME" });
  });

  it("reads what a workload said although it took none of its stdin", async () => {
    await using container = await createTestContainer(engine, ["bash", "-c", "echo bye"], withStdin);
    const { attachment, exitCode } = await startAttached(engine, container.id, { stdin: true, tty: false });
    const flood = setInterval(() => attachment.stdin?.write(Buffer.alloc(65_536)), 1);
    expect((await gatherBoth(attachment)).stdout).toBe("bye\n");
    expect(await exitCode).toBe(0);
    clearInterval(flood);
  });
});
