import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actionsPath, eventJson, eventPath, RestRig } from "./rest-rig.js";

let rig: RestRig;
beforeEach(async () => {
  rig = await RestRig.start({
    limits: { maxBodyBytes: 1000, maxEventsPerEntity: 3, maxEvents: 5, maxEntities: 4 },
  });
});
afterEach(() => rig[Symbol.asyncDispose]());

function errorOf(body: string): { code: string; message: string; hint?: string } {
  expect(body.endsWith("}\n")).toBe(true);
  return JSON.parse(body).error;
}

describe("A refusal", () => {
  it.each([
    ["no JSON", "foo", "NMZ_REST_JSON", 'at byte 0, expected a value, there is "foo"'],
    ["JSON that stops", '{"class":', "NMZ_REST_JSON", "at byte 9, expected a value, the body ends"],
    ["nothing", "", "NMZ_REST_JSON", "at byte 0, expected a value, the body ends"],
    ["a list", "[]", "NMZ_REST_EVENT", "event: expected a JSON object, got []"],
    ["no class", eventJson("e", "u", { class: undefined }), "NMZ_REST_EVENT", "class: expected a string"],
    ["an unknown class", eventJson("e", "u", { class: "X" }), "NMZ_REST_EVENT", 'got "X"'],
    [
      "an action",
      eventJson("e", "u", { class: "PacketFaultAction", type: "action" }),
      "NMZ_REST_EVENT",
      "class",
    ],
    ["no uuid", eventJson("e", "u", { uuid: undefined }), "NMZ_REST_EVENT", "uuid: expected a string"],
    ["no entity", eventJson("e", "u", { entity: undefined }), "NMZ_REST_EVENT", "entity: expected a string"],
    [
      "a wrong option",
      eventJson("e", "u", { option: { src_entity: 1 } }),
      "NMZ_REST_EVENT",
      "option.src_entity",
    ],
    [
      "an unknown hook",
      eventJson("e", "u", { class: "FilesystemEvent", option: { op: "chmod", path: "x" } }),
      "NMZ_REST_EVENT",
      "option.op: expected one of",
    ],
    [
      "a thread that is none",
      eventJson("e", "u", { class: "ProcSetEvent", option: { procs: ["1", "x"] } }),
      "NMZ_REST_EVENT",
      "option.procs[1]",
    ],
  ])("is 400 for a body with %s, and names the byte or the key", async (_, body, code, words) => {
    const { status, headers, body: answer } = await rig.call("POST", eventPath("e", "u"), body);
    expect(status).toBe(400);
    expect(headers["content-type"]).toBe("application/json; charset=UTF-8");
    expect(errorOf(answer)).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(rig.orchestrator.counts.events).toBe(0);
  });

  it("is 409 where path and body disagree about the uuid", async () => {
    const { status, body } = await rig.call("POST", eventPath("e", "u-1"), eventJson("e", "u-2"));
    expect(status).toBe(409);
    expect(errorOf(body)).toMatchObject({
      code: "NMZ_REST_UUID_MISMATCH",
      message: "uuid mismatch: u-1 vs u-2",
    });
  });

  it("is 409 for an event that is already being answered, and no more once its action is deleted", async () => {
    await rig.post("e", "u");
    const again = await rig.post("e", "u");
    expect(again.status).toBe(409);
    expect(errorOf(again.body).code).toBe("NMZ_REST_UUID_TWICE");
    expect((await rig.post("f", "u")).status).toBe(200);
    const { uuid } = JSON.parse((await rig.call("GET", actionsPath("e"))).body);
    await rig.call("DELETE", `${actionsPath("e")}/${uuid}`);
    expect((await rig.post("e", "u")).status).toBe(200);
  });

  it.each([
    ["GET", "/nothing"],
    ["GET", "/api/v3"],
    ["GET", "/api/v2/actions/e"],
    ["POST", "/api/v3/events/e"],
    ["GET", "/api/v3/actions/e/u/x"],
    ["GET", "/nothing/"],
    ["GET", "/etc/passwd"],
    ["GET", "/api/v3/actions/%2e%2e/%2e%2e/%2e%2e/etc/passwd"],
  ])("is 404 where nothing is: %s %s", async (method, path) => {
    const { status, body } = await rig.call(method, path);
    expect(status).toBe(404);
    expect(errorOf(body).code).toBe("NMZ_REST_PATH");
  });

  it.each([
    ["GET", "/api/v3/events/e/u", "POST, OPTIONS"],
    ["POST", "/api/v3/actions/e", "GET, OPTIONS"],
    ["HEAD", "/api/v3/actions/e", "GET, OPTIONS"],
    ["GET", "/api/v3/actions/e/u", "DELETE, OPTIONS"],
    ["GET", "/api/v3/control?op=enableOrchestration", "POST, OPTIONS"],
    ["DELETE", "/", "GET, HEAD, OPTIONS"],
    ["PUT", "/healthz", "GET, HEAD, OPTIONS"],
  ])("is 405 for %s %s, and says what is allowed", async (method, path, allow) => {
    const { status, headers } = await rig.call(method, path);
    expect({ status, allow: headers["allow"] }).toEqual({ status: 405, allow });
  });

  it.each([
    "/api/v3/control",
    "/api/v3/control?op=",
    "/api/v3/control?op=reboot",
    "/api/v3/control?op=toString",
  ])("is 400 for %s, and the switch stays as it is", async (path) => {
    const { status, body } = await rig.call("POST", path);
    expect(status).toBe(400);
    expect(errorOf(body)).toMatchObject({
      code: "NMZ_REST_OPERATION",
      hint: expect.stringContaining("op=disableOrchestration"),
    });
    expect(rig.orchestrator.isEnabled).toBe(true);
  });

  it("is 400 for a path that is not percent-encoded UTF-8", async () => {
    expect((await rig.call("GET", "/api/v3/actions/%zz")).status).toBe(400);
    expect((await rig.call("GET", "/api/v3/actions/%ff")).status).toBe(400);
  });

  it.each([
    ["/api/v3/actions/e/", "/api/v3/actions/e"],
    ["/api/v3/actions/e/u/", "/api/v3/actions/e/u"],
    ["//api/v3//actions/e", "/api/v3/actions/e"],
    ["/api/v3/actions/../../../etc/passwd", "/etc/passwd"],
    ["/api/./v3/actions/e?x=1", "/api/v3/actions/e?x=1"],
    ["/healthz/", "/healthz"],
    ["/..", "/"],
  ])("is 301 to the proper path for %s", async (path, proper) => {
    const { status, headers } = await rig.call("GET", path);
    expect({ status, location: headers["location"] }).toEqual({ status: 301, location: proper });
  });

  it("is 413 for a body that announces too much, and the connection goes on", async () => {
    const client = await rig.open();
    client.send("POST", eventPath("e", "u"), "x".repeat(1001));
    const { status, body } = await client.reply();
    expect({ status, code: errorOf(body).code }).toEqual({ status: 413, code: "NMZ_REST_BODY_SIZE" });
    client.send("GET", "/healthz");
    expect((await client.reply()).status).toBe(200);
  });

  it("is 413 for a body in chunks that grows too large, before it ends", async () => {
    const client = await rig.open();
    client.send("POST", eventPath("e", "u"), "", ["Transfer-Encoding: chunked"]);
    for (let chunk = 0; chunk < 3; chunk++) client.socket.write(`190\r\n${"x".repeat(400)}\r\n`);
    expect((await client.reply()).status).toBe(413);
    client.socket.write("0\r\n\r\n");
    client.send("GET", "/healthz");
    expect((await client.reply()).status).toBe(200);
  });

  it("is 429 for an entity that has too much outstanding, until an action is deleted", async () => {
    for (const uuid of ["1", "2", "3"]) expect((await rig.post("slow", uuid)).status).toBe(200);
    const refused = await rig.post("slow", "4");
    expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
    expect(errorOf(refused.body).message).toBe("slow has 3 events outstanding");
    expect((await rig.post("other", "1")).status).toBe(200);
    const { uuid } = JSON.parse((await rig.call("GET", actionsPath("slow"))).body);
    await rig.call("DELETE", `${actionsPath("slow")}/${uuid}`);
    expect((await rig.post("slow", "4")).status).toBe(200);
  });

  it("is 503 when all entities together have too much outstanding", async () => {
    for (const uuid of ["1", "2", "3"]) await rig.post("a", uuid);
    for (const uuid of ["1", "2"]) await rig.post("b", uuid);
    const { status, body } = await rig.post("c", "1");
    expect({ status, code: errorOf(body).code }).toEqual({ status: 503, code: "NMZ_REST_FULL" });
    expect(await rig.metric("nmz_rest_queued_actions")).toBe(5);
  });

  it("is 503 for an entity more than there may be, and an entity that is forgotten makes room", async () => {
    const pollers = [await rig.poll("a"), await rig.poll("b"), await rig.poll("c"), await rig.poll("d")];
    expect((await rig.call("GET", actionsPath("e"))).status).toBe(503);
    expect((await rig.post("e", "u")).status).toBe(503);
    pollers[0]!.close();
    await rig.until("nmz_rest_entities", (entities) => entities === 3);
    expect((await rig.post("e", "u")).status).toBe(200);
  });

  it("is counted by its code", async () => {
    await rig.call("GET", "/nothing");
    await rig.call("GET", "/nothing");
    expect(await rig.metric('nmz_http_refused_total{code="NMZ_REST_PATH"}')).toBe(2);
  });
});
