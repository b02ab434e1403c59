import { describe, expect, it } from "vitest";
import { startHttpEndpoint } from "../../../src/endpoint/index.js";
import { actionsPath, eventJson, eventPath, RestRig } from "./rest-rig.js";

const handshake = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

describe("Access with a token", () => {
  it("is for whoever brings it, and its health is open to all", async () => {
    await using rig = await RestRig.start({ token: "s3cret" });
    const bearer = ["Authorization: Bearer s3cret"];
    const status = async (headers: readonly string[], method = "GET", path = "/", body = "") =>
      (await rig.call(method, path, body, headers)).status;
    expect(await status([])).toBe(401);
    expect(await status(["Authorization: Bearer wrong"])).toBe(401);
    expect(await status(["Authorization: Bearer s3cret2"])).toBe(401);
    expect(await status(["Authorization: Basic czNjcmV0"])).toBe(401);
    expect(await status([], "GET", "/metrics")).toBe(401);
    expect(await status([], "GET", "/nothing")).toBe(401);
    expect(await status([], "POST", "/api/v3/control?op=disableOrchestration")).toBe(401);
    expect(await status([], "POST", eventPath("e", "u"), eventJson("e", "u"))).toBe(401);
    expect(rig.orchestrator.isEnabled).toBe(true);
    expect(await status([], "GET", "/healthz")).toBe(200);
    expect(await status(bearer)).toBe(200);
    expect(await status(["authorization: bearer  s3cret"])).toBe(200);
    expect(await status([...bearer, "Host: orchestrator.example:10080"])).toBe(200);
    expect(await status(bearer, "POST", eventPath("e", "u"), eventJson("e", "u"))).toBe(200);
    expect(await status(bearer, "GET", actionsPath("e"))).toBe(200);
  });

  it("says what is missing, and how to bring it", async () => {
    await using rig = await RestRig.start({ token: "s3cret" });
    const { headers, body } = await rig.call("GET", actionsPath("e"));
    expect(headers["www-authenticate"]).toBe('Bearer realm="nmz"');
    expect(JSON.parse(body).error).toEqual({
      code: "NMZ_REST_TOKEN",
      message: "the request has no token",
      hint: "send the orchestrator's token: Authorization: Bearer TOKEN",
    });
  });

  it("is needed where others can reach the port", async () => {
    await using rig = await RestRig.start();
    const start = (host: string, token?: string) =>
      startHttpEndpoint({ control: rig.orchestrator, host, port: 0, token, onWarning: () => {} });
    for (const host of ["0.0.0.0", "::", "10.0.0.1", "example.org"]) {
      await expect(start(host)).rejects.toMatchObject({ code: "NMZ_ENDPOINT_TOKEN", exitCode: 1 });
    }
    await expect(start("127.0.0.1", "")).rejects.toMatchObject({ code: "NMZ_ENDPOINT_TOKEN" });
    await expect(start("127.0.0.1", "two words")).rejects.toMatchObject({ code: "NMZ_ENDPOINT_TOKEN" });
    const everywhere = await start("0.0.0.0", "s3cret");
    expect(everywhere.address).toBe(`http://0.0.0.0:${everywhere.port}`);
    await everywhere.close();
  });
});

describe("Access without a token", () => {
  it.each([
    ["a page of another site", ["Origin: https://evil.example"]],
    ["a page whose origin is hidden", ["Origin: null"]],
    ["an image in a page of another site", ["Sec-Fetch-Site: cross-site"]],
    ["a page of another port of this machine", ["Sec-Fetch-Site: same-site"]],
    ["a page whose name was given our address", ["Host: evil.example:10080"]],
    ["a name that only begins like an address", ["Host: 127.0.0.1.evil.example"]],
  ])("is not for %s", async (_, headers) => {
    await using rig = await RestRig.start();
    const off = await rig.call("POST", "/api/v3/control?op=disableOrchestration", "", headers);
    expect(off.status).toBe(403);
    expect(rig.orchestrator.isEnabled).toBe(true);
    expect((await rig.call("GET", actionsPath("e"), "", headers)).status).toBe(403);
  });

  it.each(["127.0.0.1", "127.0.0.1:10080", "localhost:1", "[::1]:10080", "10.1.2.3", "nmz.localhost"])(
    "is for programs that call us %s",
    async (host) => {
      await using rig = await RestRig.start();
      expect((await rig.call("GET", "/", "", [`Host: ${host}`])).status).toBe(200);
    },
  );

  it("is for a person who types the address into a browser", async () => {
    await using rig = await RestRig.start();
    expect((await rig.call("GET", "/metrics", "", ["Sec-Fetch-Site: none"])).status).toBe(200);
  });
});

describe("Another protocol on the port", () => {
  async function rigWithEcho(token?: string): Promise<RestRig> {
    const rig = await RestRig.start(token === undefined ? {} : { token });
    rig.endpoint.attach({
      path: "/api/v4/echo",
      announcement: "nmz-echo",
      upgrade: (_, socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
      close: async () => {},
    });
    return rig;
  }

  it("is announced at the root once it is there", async () => {
    await using plain = await RestRig.start();
    expect((await plain.call("GET", "/")).headers["nmz-echo"]).toBeUndefined();
    await using rig = await rigWithEcho();
    expect((await rig.call("GET", "/")).headers["nmz-echo"]).toBe("/api/v4/echo");
  });

  it("is for whoever may speak to us", async () => {
    await using rig = await rigWithEcho("s3cret");
    const status = async (path: string, headers: readonly string[]) =>
      (await rig.call("GET", path, "", [...handshake, ...headers])).status;
    expect(await status("/api/v4/echo", [])).toBe(401);
    expect(await status("/api/v4/echo", ["Authorization: Bearer s3cret"])).toBe(101);
    expect(await status("/api/v4/other", ["Authorization: Bearer s3cret"])).toBe(404);
    await using open = await rigWithEcho();
    expect(
      (await open.call("GET", "/api/v4/echo", "", [...handshake, "Origin: http://evil.example"])).status,
    ).toBe(403);
  });

  it("ends with the endpoint, whatever its clients do", async () => {
    const rig = await rigWithEcho();
    const client = await rig.open();
    client.send("GET", "/api/v4/echo", "", handshake);
    expect((await client.reply()).status).toBe(101);
    await rig.endpoint.close();
    await client.closed;
  });
});

describe("A port that cannot take one more connection", () => {
  it("says so once, and goes on", async () => {
    await using rig = await RestRig.start();
    for (let time = 0; time < 3; time++) rig.endpoint.server.emit("error", new Error("accept EMFILE"));
    expect(rig.warnings).toEqual([`endpoint 127.0.0.1:${rig.endpoint.port}: accept EMFILE`]);
    expect((await rig.call("GET", "/")).status).toBe(200);
  });
});

describe("A port that is in use", () => {
  it("is named, with what to do", async () => {
    await using rig = await RestRig.start();
    const { port } = rig.endpoint;
    const second = startHttpEndpoint({
      control: rig.orchestrator,
      host: "127.0.0.1",
      port,
      onWarning: () => {},
    });
    await expect(second).rejects.toMatchObject({
      code: "NMZ_ENDPOINT_PORT",
      message: `cannot listen on 127.0.0.1:${port}: port ${port} is in use`,
      exitCode: 1,
    });
  });
});
