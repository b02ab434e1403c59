import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { openEngine } from "../../../runtime/engine/index.js";
import { runSibling } from "../../../src/container/from-inside/run-sibling.js";
import { type Route, startFakeEngineServer } from "../../helpers/fake-engine-server.js";

const id = "0123456789ab".repeat(5);
const answer = (value: unknown, statusCode = 200): Route => {
  return (_, response) => {
    response.statusCode = statusCode;
    response.setHeader("Content-Type", "application/json");
    response.end(statusCode === 204 ? undefined : JSON.stringify(value));
  };
};

const options = {
  own: {
    id: "outer",
    imageId: "sha256:1",
    user: "",
    hasTty: false,
    hasStdin: false,
    mounts: [],
    sharesPids: false,
    sharesNetwork: false,
    sharesUsers: false,
    sharesCgroups: false,
    cgroupParent: undefined,
  },
  command: ["node", "nmzc.js"] as const,
  environment: {},
  workingFolder: "/",
  socketPath: "/run/podman/podman.sock",
  volumesFolder: undefined,
};

function podman(removal: Route) {
  return startFakeEngineServer({
    onHijack: (socket) => socket.end(),
    routes: {
      "GET /_ping": (_, response) => {
        response.setHeader("Libpod-API-Version", "4.3.1");
        response.end();
      },
      "POST /containers/create": answer({ Id: id, Warnings: [] }, 201),
      [`POST /containers/${id}/start`]: answer(undefined, 204),
      [`POST /libpod/containers/${id}/wait`]: answer(7),
      [`DELETE /containers/${id}`]: removal,
    },
  });
}

async function run(environment: Readonly<Record<string, string>>) {
  const stderr = new PassThrough();
  const io = { stdin: new PassThrough(), stdout: new PassThrough().resume(), stderr };
  const exitCode = await runSibling(await openEngine(environment), options, io as never);
  return { exitCode, stderr: String(stderr.read() ?? "") };
}

describe("The sibling on Podman", () => {
  it("is removed when it has ended", async () => {
    await using server = await podman(answer(undefined, 204));
    expect(await run(server.environment)).toEqual({ exitCode: 7, stderr: "" });
    expect(server.requests.at(-1)).toMatch(/^DELETE .*\?force=true&v=true$/);
  });

  it("hands its exit code on although it cannot be removed", async () => {
    await using server = await podman(answer({ message: "device or resource busy" }, 500));
    const { exitCode, stderr } = await run(server.environment);
    expect(exitCode).toBe(7);
    expect(stderr).toContain("could not be removed: device or resource busy\n");
  });
});

describe("The sibling's terminal", () => {
  it.each([
    [true, true],
    [false, false],
  ])("is there where ours is one (%s), and not because our container has one", async (isTTY, hasTty) => {
    let body = "";
    await using server = await startFakeEngineServer({
      onHijack: (socket) => socket.end(),
      routes: {
        "GET /_ping": answer({}),
        "POST /containers/create": (request, response) => {
          request.on("data", (chunk) => {
            body += chunk;
          });
          request.on("end", () => answer({ Id: id, Warnings: [] }, 201)(request, response));
        },
        [`POST /containers/${id}/start`]: answer(undefined, 204),
        [`POST /containers/${id}/wait`]: answer({ StatusCode: 0 }),
      },
    });
    const stdout = Object.assign(new PassThrough().resume(), { isTTY });
    const io = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
    const own = { ...options.own, hasTty: true };
    await runSibling(await openEngine(server.environment), { ...options, own }, io as never);
    expect(JSON.parse(body).Tty).toBe(hasTty);
  });
});
