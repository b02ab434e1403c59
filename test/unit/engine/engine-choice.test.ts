import { describe, expect, it } from "vitest";
import { strategiesFor } from "../../../runtime/engine/engine-address.js";
import { parseEngineChoice } from "../../../runtime/engine/engine-choice.js";
import { EngineError, openEngine } from "../../../runtime/engine/index.js";
import { startFakeEngineServer } from "../../helpers/fake-engine-server.js";

describe("parseEngineChoice", () => {
  it.each([
    [undefined, { kind: "found" }],
    ["", { kind: "found" }],
    ["docker", { kind: "docker" }],
    ["podman", { kind: "podman" }],
    ["embedded", { kind: "embedded" }],
    ["unix:///run/x.sock", { kind: "socket", socketPath: "/run/x.sock" }],
  ])("reads %j", (text, choice) => {
    expect(parseEngineChoice(text, "--engine")).toEqual(choice);
  });

  it.each(["Docker", "crio", "unix://", "unix://relative.sock", "/run/x.sock"])(
    "refuses %s with every word that it takes",
    (text) => {
      expect(() => parseEngineChoice(text, "NMZC_ENGINE")).toThrow(
        expect.objectContaining({
          code: "ENGINE_CHOICE",
          message: `NMZC_ENGINE names no engine: "${text}"`,
          hint: expect.stringMatching(/docker, podman, embedded.*unix:\/\//),
        }),
      );
    },
  );

  it.each(["tcp://10.0.0.1:2375", "ssh://root@other"])("refuses %s: it is not on this host", (text) => {
    expect(() => parseEngineChoice(text, "--engine")).toThrow(
      expect.objectContaining({
        code: "ENGINE_ELSEWHERE",
        hint: expect.stringContaining("on this host only"),
      }),
    );
  });
});

const podmanPing = {
  "GET /_ping": (_: unknown, response: { setHeader(name: string, value: string): void; end(): void }) => {
    response.setHeader("Libpod-API-Version", "4.3.1");
    response.setHeader("API-Version", "1.41");
    response.end();
  },
};

describe("openEngine with a choice", () => {
  it("opens the socket that NMZC_ENGINE names, whatever else is there", async () => {
    await using chosen = await startFakeEngineServer();
    await using other = await startFakeEngineServer();
    const engine = await openEngine({ ...other.environment, NMZC_ENGINE: `unix://${chosen.socketPath}` });
    expect(engine.info).toMatchObject({ address: `unix://${chosen.socketPath}`, foundBy: "--engine" });
  });

  it("tells Podman by its ping, without the version that takes it long", async () => {
    await using server = await startFakeEngineServer({ routes: podmanPing });
    const { info } = await openEngine(server.environment);
    expect(info).toMatchObject({ kind: "podman", name: "Podman 4.3.1", apiVersion: "1.41" });
    expect(server.requests).not.toContain("GET /version");
  });

  it("passes over an engine of the other kind, and names it when nothing else is there", async () => {
    await using podman = await startFakeEngineServer({ routes: podmanPing });
    const place = { foundBy: "DOCKER_HOST", socketPath: podman.socketPath, isChosen: true };
    await expect(
      openEngine({ ...podman.environment, NMZC_ENGINE: "docker" }, [() => place]),
    ).rejects.toMatchObject({
      code: "ENGINE_NOT_FOUND",
      message: "no Docker Engine on this host: DOCKER_HOST: Podman 4.3.1",
    });
    await using docker = await startFakeEngineServer();
    const second = { foundBy: "/var/run/docker.sock", socketPath: docker.socketPath, isChosen: false };
    const engine = await openEngine({ ...podman.environment, NMZC_ENGINE: "docker" }, [
      () => place,
      () => second,
    ]);
    expect(engine.info.kind).toBe("docker");
  });

  it("looks for the Podman of this host when DOCKER_HOST names an engine of another", async () => {
    await using server = await startFakeEngineServer({ routes: podmanPing });
    const places = strategiesFor({ kind: "podman" });
    const local = { foundBy: "/run/podman/podman.sock", socketPath: server.socketPath, isChosen: false };
    const environment = { ...server.environment, DOCKER_HOST: "tcp://far:2375", NMZC_ENGINE: "podman" };
    const engine = await openEngine(environment, [places[0]!, () => local]);
    expect(engine.info.socketPath).toBe(server.socketPath);
    await expect(openEngine(environment, [places[0]!])).rejects.toMatchObject({
      code: "ENGINE_NOT_FOUND",
      message: expect.stringContaining("tcp://far:2375"),
    });
  });

  it("tells of the socket that failed when Podman cannot be started either", async () => {
    const dead = { foundBy: "/var/run/docker.sock", socketPath: "/nonexistent/docker.sock", isChosen: false };
    const unstarted = async () => new EngineError("podman system service could not be started: no runtime");
    await expect(openEngine({}, [() => dead, unstarted])).rejects.toMatchObject({
      code: "ENGINE_NOT_FOUND",
      message: expect.stringMatching(/\/var\/run\/docker\.sock: .*; podman system service .*: no runtime$/),
    });
  });

  it("says how to get the embedded engine where there is no podman", async () => {
    await expect(openEngine({ PATH: "", NMZC_ENGINE: "embedded" })).rejects.toMatchObject(
      process.getuid?.() === 0
        ? { code: "ENGINE_NOT_FOUND", hint: expect.stringContaining("apt install podman") }
        : { code: "ENGINE_NO_ACCESS", hint: "run nmzc as root" },
    );
  });
});
