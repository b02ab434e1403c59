import { describe, expect, it } from "vitest";
import type { Engine } from "../../../runtime/engine/index.js";
import { NotRemovedError, openEngine } from "../../../runtime/engine/index.js";
import { type Route, startFakeEngineServer } from "../../helpers/fake-engine-server.js";

const id = "0123456789ab".repeat(5);
const answer = (value: unknown, statusCode = 200): Route => {
  return (_, response) => {
    response.statusCode = statusCode;
    response.setHeader("Content-Type", "application/json");
    response.end(statusCode === 204 ? undefined : JSON.stringify(value));
  };
};

/** Podman, as much of it as these rules need. */
function podman(routes: Readonly<Record<string, Route>>, hijackRefusal?: string) {
  return startFakeEngineServer({
    ...(hijackRefusal === undefined ? {} : { hijackRefusal }),
    routes: {
      "GET /_ping": (_, response) => {
        response.setHeader("Libpod-API-Version", "4.3.1");
        response.end();
      },
      "POST /containers/create": answer({ Id: id, Warnings: [] }, 201),
      [`POST /containers/${id}/start`]: answer(undefined, 204),
      [`POST /libpod/containers/${id}/wait`]: answer(7),
      [`DELETE /containers/${id}`]: answer(undefined, 204),
      ...routes,
    },
  });
}

const body = { Image: "debian", HostConfig: { AutoRemove: true } };
const pathsOf = (requests: readonly string[]): readonly string[] =>
  requests.map((request) => request.replace(/\/v[\d.]+/, "").replace(/\?.*/, ""));

describe("Containers on Podman", () => {
  it("are removed by nmzc, after their exit code is known", async () => {
    let created = "";
    await using server = await podman({
      "POST /containers/create": (request, response) => {
        request.on("data", (chunk: Buffer) => {
          created += chunk.toString();
        });
        request.on("end", () => answer({ Id: id, Warnings: [] }, 201)(request, response));
      },
    });
    const engine = await openEngine(server.environment);
    await engine.createContainer(body, {});
    expect(JSON.parse(created).HostConfig).not.toHaveProperty("AutoRemove");
    const exit = engine.waitContainer(id, "removed");
    await engine.startContainer(id);
    expect(await exit).toBe(7);
    expect(pathsOf(server.requests).slice(-3)).toEqual([
      `POST /containers/${id}/start`,
      `POST /libpod/containers/${id}/wait`,
      `DELETE /containers/${id}`,
    ]);
    expect(server.requests.at(-1)).toContain("v=true");
  });

  it("have an exit code although their removal fails", async () => {
    await using server = await podman({
      [`DELETE /containers/${id}`]: answer({ message: "device or resource busy" }, 500),
    });
    const engine = await openEngine(server.environment);
    await engine.createContainer(body, {});
    const exit = engine.waitContainer(id, "removed");
    await engine.startContainer(id);
    const failure: unknown = await exit.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotRemovedError);
    expect(failure).toMatchObject({ exitCode: 7, status: 500, message: "device or resource busy" });
  });

  it("are waited for from their start on, and left without --rm", async () => {
    await using server = await podman({});
    const engine = await openEngine(server.environment);
    await engine.createContainer({ Image: "debian", HostConfig: {} }, {});
    const exit = engine.waitContainer(id, "next-exit");
    expect(pathsOf(server.requests)).not.toContain(`POST /libpod/containers/${id}/wait`);
    await engine.startContainer(id);
    expect(await exit).toBe(7);
    expect(pathsOf(server.requests)).not.toContain(`DELETE /containers/${id}`);
  });

  it("fail at the start with what their attaching failed with", async () => {
    const words = `exec: "nosuch": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found`;
    await using server = await podman({}, `preparing container ${id} for attach: runc: ${words}`);
    const engine: Engine = await openEngine(server.environment);
    await engine.createContainer(body, {});
    const attachment = await engine.attachContainer(id, { stdin: false, tty: false });
    await attachment.done;
    await expect(engine.startContainer(id)).rejects.toMatchObject({
      message: `runc: ${words}`,
      hint: expect.stringContaining("see whether the image has the command"),
    });
  });

  it("fill volumes although the runtime then finds no command", async () => {
    await using server = await podman({
      [`POST /libpod/containers/${id}/init`]: answer({ message: "executable file not found" }, 500),
    });
    const engine = await openEngine(server.environment);
    await engine.createContainer(body, {});
    await expect(engine.fillVolumes(id)).resolves.toBeUndefined();
  });
});
