import { describe, expect, it } from "vitest";
import { EngineError, exitCodeOfStartError, toEngineError } from "../../../runtime/engine/engine-error.js";
import { openEngine } from "../../../runtime/engine/open-engine.js";
import { type Route, startFakeEngineServer } from "../../helpers/fake-engine-server.js";

function refuse(status: number, message: string): Route {
  return (_, response) => {
    response.statusCode = status;
    response.end(JSON.stringify({ message }));
  };
}

describe("EngineError", () => {
  it.each([
    [404, "No such container: x", "NO_SUCH_CONTAINER"],
    [409, "You cannot remove a running container", "CONFLICT"],
    [500, "driver failed programming external connectivity", undefined],
    [403, "denied by plugin", "UNAUTHORIZED"],
    [418, "something new", undefined],
  ])("carries status %i and the engine's own words", async (status, message, code) => {
    await using server = await startFakeEngineServer({
      routes: { "POST /containers/x/start": refuse(status, message) },
    });
    const engine = await openEngine(server.environment);
    const error = await engine.startContainer("x").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ status, message, code });
  });

  it("carries them for a request that would have been handed the connection", async () => {
    await using server = await startFakeEngineServer();
    const engine = await openEngine(server.environment);
    // The fake answers an upgrade with 101 always, so the refusal is tried on the path that asks for a stream.
    await expect(engine.waitContainer("x", "next-exit")).rejects.toMatchObject({
      status: 404,
      message: "page not found: POST /containers/x/wait",
    });
  });

  it("is ENGINE_GONE when nobody listens any more", async () => {
    const server = await startFakeEngineServer();
    const engine = await openEngine(server.environment);
    await server[Symbol.asyncDispose]();
    await expect(engine.inspectContainer("x")).rejects.toMatchObject({ code: "ENGINE_GONE", status: 0 });
  });

  it.each<[string, Route]>([
    ["before it answers", (request) => request.socket.destroy()],
    [
      "in the middle of its answer",
      (_, response) => {
        response.setHeader("Content-Length", "100");
        response.write('{"StatusCode":');
        setImmediate(() => response.socket?.destroy());
      },
    ],
    ["at a clean end before the answer", (_, response) => response.end()],
  ])("is ENGINE_GONE when the engine goes %s", async (_, route) => {
    await using server = await startFakeEngineServer({ routes: { "POST /containers/x/wait": route } });
    const engine = await openEngine(server.environment);
    await expect(engine.waitContainer("x", "not-running")).rejects.toMatchObject({ code: "ENGINE_GONE" });
  });
});

describe("exitCodeOfStartError", () => {
  const runc = "failed to create shim task: OCI runtime create failed: runc create failed: ";
  it.each([
    [`${runc}exec: "nope": executable file not found in $PATH: unknown`, 127],
    [`${runc}exec: "/nope": stat /nope: no such file or directory: unknown`, 127],
    [`${runc}exec: "/etc/passwd": permission denied: unknown`, 126],
    [`${runc}exec: "/etc": is a directory: unknown`, 126],
    ["driver failed programming external connectivity", 125],
  ])("reads docker's rule out of %j", (message, exitCode) => {
    expect(exitCodeOfStartError(new EngineError(message, { status: 400 }))).toBe(exitCode);
  });

  it("is 125 for everything that the engine did not say", () => {
    expect(exitCodeOfStartError(new EngineError("connect ENOENT: no such file or directory"))).toBe(125);
    expect(exitCodeOfStartError(new Error("permission denied"))).toBe(125);
    expect(exitCodeOfStartError("no such file or directory")).toBe(125);
  });
});

describe("Hints", () => {
  it.each([
    ['Conflict. The container name "/a" is already in use by container "b".', "give another --name"],
    ["No such container: x", "docker ps -a"],
    ["network x not found", "docker network ls"],
    ["driver failed: Bind for 0.0.0.0:80 failed: port is already allocated", "publish another with -p"],
    ["No command specified", "write one after the image"],
    ['runc create failed: exec: "/x": stat /x: no such file or directory: unknown', "whether the image has"],
  ])("follow from the engine's words: %s", (message, hint) => {
    const failure = Object.assign(new Error(), { statusCode: 500, json: { message } });
    expect(toEngineError(failure, "x").hint).toContain(hint);
  });

  it("are left out where the engine's words are all there is", () => {
    const failure = Object.assign(new Error(), { statusCode: 500, json: { message: "out of luck" } });
    expect(toEngineError(failure, "x").hint).toBeUndefined();
  });
});
