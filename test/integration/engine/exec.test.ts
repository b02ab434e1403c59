import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, type ExecRequest, openEngine } from "../../../runtime/engine/index.js";
import { requires } from "../../helpers/requires.js";
import { gatherBoth } from "./gather.js";
import { createTestContainer, type TestContainer } from "./test-container.js";

requires("root", "docker", "base-image");

let engine: Engine;
let container: TestContainer;
beforeAll(async () => {
  engine = await openEngine();
  container = await createTestContainer(engine, ["sleep", "120"]);
  await engine.startContainer(container.id);
});
afterAll(() => container[Symbol.asyncDispose]());

function request(command: readonly string[], more: Partial<ExecRequest> = {}): ExecRequest {
  return {
    command,
    env: [],
    user: undefined,
    workdir: undefined,
    privileged: false,
    detach: false,
    stdin: false,
    tty: false,
    ...more,
  };
}

describe("Exec", () => {
  it("runs a command in the container with its streams apart and its exit code", async () => {
    const session = await engine.exec(
      container.id,
      request(["bash", "-c", "echo out; echo err >&2; exit 4"]),
    );
    expect(await gatherBoth(session.attachment!)).toEqual({ stdout: "out\n", stderr: "err\n" });
    expect(await session.exitCode()).toBe(4);
  });

  it("takes user, folder and environment", async () => {
    const more = { user: "65534", workdir: "/usr", env: ["GREETING=hello"] };
    const session = await engine.exec(
      container.id,
      request(["bash", "-c", 'echo "$(id -u) $PWD $GREETING"'], more),
    );
    expect((await gatherBoth(session.attachment!)).stdout).toBe("65534 /usr hello\n");
  });

  it("half-closes stdin", async () => {
    const session = await engine.exec(container.id, request(["cat"], { stdin: true }));
    session.attachment!.stdin!.end("typed");
    expect((await gatherBoth(session.attachment!)).stdout).toBe("typed");
    expect(await session.exitCode()).toBe(0);
  });

  it("has a tty of the size that it is given", async () => {
    const script = "read -r _; stty size";
    const session = await engine.exec(
      container.id,
      request(["bash", "-c", script], { stdin: true, tty: true }),
    );
    await session.resize(99, 44);
    session.attachment!.stdin!.write("\n");
    expect((await gatherBoth(session.attachment!)).stdout).toContain("44 99\r\n");
  });

  it("runs in the background when told so", async () => {
    const session = await engine.exec(container.id, request(["bash", "-c", "exit 6"], { detach: true }));
    expect(session.attachment).toBeUndefined();
    expect(await session.exitCode()).toBe(6);
  });

  it("tells a command that is not there by 126 or 127, as the engine does", async () => {
    const session = await engine.exec(container.id, request(["nmzt-nope"]));
    const { stdout, stderr } = await gatherBoth(session.attachment!);
    expect(stdout + stderr).toContain("executable file not found");
    expect([126, 127]).toContain(await session.exitCode());
  });

  it("refuses a container that does not run", async () => {
    await using stopped = await createTestContainer(engine, ["true"]);
    await expect(engine.exec(stopped.id, request(["true"]))).rejects.toMatchObject({ status: 409 });
    await expect(engine.exec("nmzt-none", request(["true"]))).rejects.toMatchObject({
      code: "NO_SUCH_CONTAINER",
    });
  });
});
