import { afterEach, describe, expect, it } from "vitest";
import { openRootEngine } from "../../../runtime/engine/index.js";
import { loopServices } from "../../../src/cli/campaign/loop-services.js";
import { startFakeEngineServer } from "../../helpers/fake-engine-server.js";

const rootless = { info: { SecurityOptions: ["name=seccomp,profile=default", "name=rootless"] } };
const refusal = {
  code: "ENGINE_ROOTLESS",
  message: expect.stringContaining("runs without root"),
  hint: expect.stringContaining("use an engine that runs as root"),
};

describe("openRootEngine", () => {
  it("refuses an engine that runs without root, with what to do", async () => {
    await using server = await startFakeEngineServer(rootless);
    await expect(openRootEngine(server.environment)).rejects.toMatchObject(refusal);
  });

  it("opens any other", async () => {
    await using server = await startFakeEngineServer();
    expect((await openRootEngine(server.environment)).info.socketPath).toBe(server.socketPath);
  });
});

describe("A loop over a container", () => {
  const given = process.env["DOCKER_HOST"];
  const chosen = process.env["NMZC_ENGINE"];
  afterEach(() => {
    restore("DOCKER_HOST", given);
    restore("NMZC_ENGINE", chosen);
  });

  it("does not begin on an engine that runs without root", async () => {
    await using server = await startFakeEngineServer(rootless);
    process.env["DOCKER_HOST"] = server.environment["DOCKER_HOST"];
    delete process.env["NMZC_ENGINE"];
    const preparing = loopServices.prepareImage({ image: "debian" } as never);
    await expect(preparing).rejects.toMatchObject(refusal);
    expect(server.requests.filter((request) => !/\/(_ping|version|info)\??$/.test(request))).toEqual([]);
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
