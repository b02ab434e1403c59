import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runningStrategiesFor, strategiesFor } from "../../../runtime/engine/engine-address.js";
import { openEngine, openRunningEngine } from "../../../runtime/engine/open-engine.js";
import { startFakeEngineServer } from "../../helpers/fake-engine-server.js";

let config: string;
beforeEach(() => {
  config = mkdtempSync(join(tmpdir(), "nmzc-docker-config-"));
});
afterEach(() => {
  rmSync(config, { recursive: true, force: true });
});

function writeContext(name: string, host: string): void {
  const folder = join(config, "contexts", "meta", createHash("sha256").update(name).digest("hex"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

describe("openEngine", () => {
  it("takes the socket that DOCKER_HOST names and says what it found", async () => {
    await using server = await startFakeEngineServer({
      info: {
        CgroupVersion: "2",
        CgroupDriver: "systemd",
        SecurityOptions: ["name=rootless"],
        Labels: ["a=b"],
      },
    });
    const engine = await openEngine(server.environment);
    expect(engine.info).toEqual({
      kind: "docker",
      name: "Docker Engine 20.10.24",
      apiVersion: "1.41",
      foundBy: "DOCKER_HOST",
      socketPath: server.socketPath,
      address: `unix://${server.socketPath}`,
      isChosen: true,
      embeddedPid: undefined,
      cgroupVersion: 2,
      cgroupDriver: "systemd",
      rootDir: "/",
      isRootless: true,
      labels: ["a=b"],
    });
  });

  it("tells Podman by its components", async () => {
    await using server = await startFakeEngineServer({
      version: { Version: "4.3.1", Components: [{ Name: "Podman Engine", Version: "4.3.1" }] },
    });
    expect((await openEngine(server.environment)).info.name).toBe("Podman 4.3.1");
  });

  it("speaks API 1.41, or the engine's oldest where that is newer", async () => {
    for (const [oldest, spoken] of [
      ["1.12", "v1.41"],
      ["1.44", "v1.44"],
    ] as const) {
      await using server = await startFakeEngineServer({
        version: { ApiVersion: "1.51", MinAPIVersion: oldest },
        routes: { "GET /containers/json": (_, response) => void response.end("[]") },
      });
      const engine = await openEngine(server.environment);
      await engine.listContainers({ all: true, label: "nmzc" });
      expect(server.requests.at(-1)).toContain(`/${spoken}/containers/json`);
    }
  });

  it.each(["tcp://10.0.0.1:2375", "ssh://root@other", "npipe:////./pipe/docker_engine"])(
    "refuses DOCKER_HOST %s, because its namespaces cannot be reached",
    async (host) => {
      await expect(openEngine({ DOCKER_HOST: host, DOCKER_CONFIG: config })).rejects.toMatchObject({
        code: "ENGINE_ELSEWHERE",
        message: expect.stringContaining(host),
        hint: expect.stringContaining("on this host only"),
      });
    },
  );

  it("refuses an engine behind a forwarded socket: its kernel is another one", async () => {
    await using server = await startFakeEngineServer({ info: { KernelVersion: "5.0.0-elsewhere" } });
    await expect(openEngine(server.environment)).rejects.toMatchObject({
      code: "ENGINE_ELSEWHERE",
      message: expect.stringContaining("5.0.0-elsewhere"),
    });
  });

  it("takes the context of DOCKER_CONTEXT before the config's current one, and DOCKER_HOST before both", async () => {
    await using work = await startFakeEngineServer();
    await using home = await startFakeEngineServer();
    writeContext("work", `unix://${work.socketPath}`);
    writeContext("home", `unix://${home.socketPath}`);
    writeFileSync(join(config, "config.json"), JSON.stringify({ currentContext: "home" }));
    const foundBy = async (environment: Record<string, string>): Promise<string> =>
      (await openEngine({ DOCKER_CONFIG: config, ...environment })).info.foundBy;
    expect(await foundBy({})).toBe("context home");
    expect(await foundBy({ DOCKER_CONTEXT: "work" })).toBe("context work");
    expect(await foundBy({ DOCKER_CONTEXT: "work", DOCKER_HOST: `unix://${home.socketPath}` })).toBe(
      "DOCKER_HOST",
    );
  });

  it("refuses a context of another host and one that is not there", async () => {
    writeContext("far", "tcp://far:2376");
    const open = (name: string) => openEngine({ DOCKER_CONFIG: config, DOCKER_CONTEXT: name });
    await expect(open("far")).rejects.toMatchObject({ code: "ENGINE_ELSEWHERE" });
    await expect(open("nowhere")).rejects.toMatchObject({
      code: "ENGINE_NOT_FOUND",
      message: expect.stringContaining('context "nowhere"'),
    });
  });

  it("does not go on to another engine when the chosen one fails", async () => {
    const chosen = { DOCKER_HOST: `unix://${config}/none.sock`, DOCKER_CONFIG: config };
    await expect(openEngine(chosen)).rejects.toMatchObject({
      code: "ENGINE_GONE",
      message: expect.stringContaining(`${config}/none.sock`),
    });
  });

  it("names every place and the remedy when nothing is found", async () => {
    await expect(openEngine({ DOCKER_CONFIG: config }, [])).rejects.toMatchObject({
      code: "ENGINE_NOT_FOUND",
      message: expect.stringMatching(/DOCKER_HOST.*docker context.*\/var\/run\/docker\.sock.*podman\.sock/),
      hint: expect.stringContaining("systemctl start docker"),
    });
  });

  it("names the place that failed when a socket is there and nobody answers", async () => {
    const dead = { foundBy: "/run/dead.sock", socketPath: `${config}/dead.sock`, isChosen: false };
    await expect(openEngine({ DOCKER_CONFIG: config }, [() => dead])).rejects.toMatchObject({
      code: "ENGINE_NOT_FOUND",
      message: expect.stringContaining("/run/dead.sock: "),
    });
  });

  it("says where the docker config is broken", async () => {
    writeFileSync(join(config, "config.json"), "{ nonsense");
    await expect(openEngine({ DOCKER_CONFIG: config })).rejects.toMatchObject({
      message: expect.stringContaining(`${config}/config.json is not valid`),
    });
  });
});

describe("openRunningEngine", () => {
  it("starts none, not even one that is asked for", async () => {
    await expect(openRunningEngine({ NMZC_ENGINE: "embedded" })).rejects.toMatchObject({
      code: "ENGINE_NOT_FOUND",
    });
  });

  it("looks where openEngine does, but for the Podman that this would start", () => {
    for (const kind of ["found", "podman"] as const) {
      expect(runningStrategiesFor({ kind })).toHaveLength(strategiesFor({ kind }).length - 1);
    }
    expect(runningStrategiesFor({ kind: "docker" })).toEqual(strategiesFor({ kind: "docker" }));
  });
});
