import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SteppingClock } from "../../unit/util/stepping-clock.js";
import { actionsPath, eventJson, eventPath, RestRig } from "./rest-rig.js";

let rig: RestRig;
beforeEach(async () => {
  rig = await RestRig.start();
});
afterEach(() => rig[Symbol.asyncDispose]());

const json = "application/json; charset=UTF-8";

describe("REST v3", () => {
  it("greets at the root with the words of Namazu", async () => {
    const { status, headers, body } = await rig.call("GET", "/");
    expect({ status, body }).toEqual({
      status: 200,
      body: `Hello Namazu! -- RESTInspectorHandler(pid=${process.pid})\n`,
    });
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  it("takes an event, gives its action until that is deleted, and deletes it as often as asked", async () => {
    expect(await rig.post("e1", "6732ea87-1")).toMatchObject({ status: 200, body: "{}\n" });
    const action = await rig.call("GET", actionsPath("e1"));
    expect(action).toMatchObject({ status: 200, headers: { "content-type": json } });
    expect(action.body).toMatch(
      /^\{"class":"EventAcceptanceAction","entity":"e1","event_uuid":"6732ea87-1","option":\{\},"type":"action","uuid":"[0-9a-f-]{36}"\}\n$/,
    );
    expect((await rig.call("GET", actionsPath("e1"))).body).toBe(action.body);

    const { uuid } = JSON.parse(action.body);
    for (let time = 0; time < 2; time++) {
      const deleted = await rig.call("DELETE", `${actionsPath("e1")}/${uuid}`);
      expect(deleted).toMatchObject({ status: 200, body: "{}\n", headers: { "content-type": json } });
    }
    expect(await rig.metric("nmz_rest_entities")).toBe(0);
  });

  it("deletes what never was, of an entity that never was", async () => {
    expect(await rig.call("DELETE", `${actionsPath("nobody")}/nothing`)).toMatchObject({
      status: 200,
      body: "{}\n",
    });
  });

  it.each([
    [
      "PacketEvent",
      {
        bytes: "//////8AAAAAAAAACABFAAAU",
        dst_entity: "entity-10.0.0.2:80",
        src_entity: "entity-10.0.0.1:4242",
      },
    ],
    [
      "PacketEvent",
      { dst_entity: "b", message: { class: "Notification", class_group: "FLE" }, src_entity: "a" },
    ],
    ["FilesystemEvent", { op: "pre-mkdir", path: "x/y" }],
    ["LogEvent", { message: "<13>Oct 11 22:14:15 su: failed", src_entity: "entity-10.0.0.1:514" }],
    [
      "JavaFunctionEvent",
      { function_event_type: "call", function_name: "foo", params: { a: "1" }, thread_name: "main" },
    ],
    ["CFunctionEvent", {}],
    ["NopEvent", {}],
  ])("accepts a deferred %s", async (className, option) => {
    expect(await rig.post("e", "u", { class: className, option })).toMatchObject({ status: 200 });
    const { body } = await rig.call("GET", actionsPath("e"));
    expect(JSON.parse(body)).toMatchObject({ class: "EventAcceptanceAction", event_uuid: "u" });
  });

  it("answers a ProcSetEvent, which nobody waits for, with attributes per thread", async () => {
    const event = { class: "ProcSetEvent", deferred: false, option: { procs: ["12", "34"] } };
    await rig.post("_namazu_proc_inspector", "u", event);
    const action = JSON.parse((await rig.call("GET", actionsPath("_namazu_proc_inspector"))).body);
    expect(action).toMatchObject({ class: "ProcSetSchedAction", event_uuid: "u" });
    expect(Object.keys(action.option.attrs)).toEqual(["12", "34"]);
    expect(Object.keys(action.option.attrs["12"])).toEqual([
      "Policy",
      "Flags",
      "Nice",
      "Priority",
      "Runtime",
      "Deadline",
      "Period",
    ]);
  });

  it("takes an event without looking at its content type, type or unknown keys", async () => {
    const body = eventJson("e", "u", { type: "action", extra: [1, { deep: null }], deferred: true });
    const headers = ["Content-Type: text/plain"];
    expect(await rig.call("POST", eventPath("e", "u"), body, headers)).toMatchObject({ status: 200 });
    expect((await rig.call("GET", actionsPath("e"))).status).toBe(200);
  });

  it("sends a fault that the policy chose", async () => {
    await using faulty = await RestRig.start({ params: { faultActionProbability: 1 } });
    await faulty.post("e1", "6732ea87");
    expect((await faulty.call("GET", actionsPath("e1"))).body).toMatch(
      /^\{"class":"PacketFaultAction","entity":"e1","event_uuid":"6732ea87","option":\{\},"type":"action","uuid":"[^"]+"\}\n$/,
    );
  });

  it("lets a GET wait for the event that comes later", async () => {
    const poller = await rig.poll("late");
    expect((await rig.post("late", "u")).status).toBe(200);
    const { status, body } = await poller.reply();
    expect({ status, cause: JSON.parse(body).event_uuid }).toEqual({ status: 200, cause: "u" });
  });

  it("answers entities in the order of their events, whoever else waits", async () => {
    for (const uuid of ["1", "2", "3"]) await rig.post("unpolled", uuid);
    for (const uuid of ["1", "2", "3"]) await rig.post("polled", uuid);
    const causes: string[] = [];
    for (let time = 0; time < 3; time++) {
      const { event_uuid: cause, uuid } = JSON.parse((await rig.call("GET", actionsPath("polled"))).body);
      causes.push(cause);
      await rig.call("DELETE", `${actionsPath("polled")}/${uuid}`);
    }
    expect(causes).toEqual(["1", "2", "3"]);
    expect(await rig.metric("nmz_rest_queued_actions")).toBe(3);
  });

  it("serves 16 entities at a time, each with what is its own", async () => {
    const rounds = 25;
    const work = async (entity: string): Promise<number> => {
      const client = await rig.open();
      for (let round = 0; round < rounds; round++) {
        const uuid = `${entity}-${round}`;
        client.send("POST", eventPath(entity, uuid), eventJson(entity, uuid));
        expect((await client.reply()).body).toBe("{}\n");
        client.send("GET", actionsPath(entity));
        const action = JSON.parse((await client.reply()).body);
        expect(action).toMatchObject({ entity, event_uuid: uuid });
        client.send("DELETE", `${actionsPath(entity)}/${action.uuid}`);
        expect((await client.reply()).status).toBe(200);
      }
      return rounds;
    };
    const done = await Promise.all(Array.from({ length: 16 }, (_, index) => work(`entity ${index}/ü`)));
    expect(done).toEqual(Array(16).fill(rounds));
    expect(rig.orchestrator.counts.events).toBe(16 * rounds);
    expect(await rig.metric("nmz_rest_entities")).toBe(0);
  });

  it.each(["__proto__", "constructor", "%", " ", "\u{1f600}"])(
    "takes %j for an entity like any other",
    async (entity) => {
      expect((await rig.post(entity, entity)).status).toBe(200);
      const action = JSON.parse((await rig.call("GET", actionsPath(entity))).body);
      expect(action).toMatchObject({ entity, event_uuid: entity });
    },
  );

  it("decodes entities, also those that contain a slash", async () => {
    await rig.post("_namazu_container_fs_inspector_/srv/data", "u/1");
    const path = "/api/v3/actions/_namazu_container_fs_inspector_%2Fsrv%2fdata";
    const action = JSON.parse((await rig.call("GET", path)).body);
    expect(action).toMatchObject({ entity: "_namazu_container_fs_inspector_/srv/data", event_uuid: "u/1" });
    expect((await rig.call("DELETE", `${path}/${action.uuid}`)).status).toBe(200);
    expect(await rig.metric("nmz_rest_entities")).toBe(0);
  });
});

describe("REST v3, where path and body name two entities", () => {
  it("answers the body's entity", async () => {
    expect(await rig.call("POST", eventPath("path", "u"), eventJson("body", "u"))).toMatchObject({
      status: 200,
    });
    expect(JSON.parse((await rig.call("GET", actionsPath("body"))).body)).toMatchObject({
      entity: "body",
      event_uuid: "u",
    });
    expect(await rig.metric("nmz_rest_entities")).toBe(1);
  });

  it("answers the path's when the body's is the one that stands for none, as pynmz's syslog inspector leaves it", async () => {
    const event = {
      class: "LogEvent",
      deferred: true,
      entity: "_namazu_invalid_entity_id",
      option: { message: "hi", src_entity: "entity-10.0.0.1:514" },
    };
    expect((await rig.post("_namazu_syslog_inspector", "u", event)).status).toBe(200);
    const { body } = await rig.call("GET", actionsPath("_namazu_syslog_inspector"));
    expect(JSON.parse(body)).toMatchObject({ entity: "_namazu_syslog_inspector", event_uuid: "u" });
  });
});

describe("REST v3, orchestration switched off and on", () => {
  afterEach(() => vi.useRealTimers());

  it("holds events for the policy's 700 ms, accepts them at once while off, and holds them again when on", async () => {
    // Sockets are left alone: only what the orchestrator waits with is fake.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] });
    const clock = new SteppingClock();
    const fixed = await RestRig.start({ policy: "dumb", params: { interval: "700ms" }, clock });
    const answersTo = async (uuid: string): Promise<number> => {
      await fixed.post(uuid, uuid);
      return fixed.metric("nmz_rest_queued_actions");
    };
    const control = (op: string) => fixed.call("POST", `/api/v3/control?op=${op}`);

    expect(await answersTo("1")).toBe(0);
    clock.advance(699);
    expect(await fixed.metric("nmz_events_held")).toBe(1);
    clock.advance(2);
    expect(await fixed.metric("nmz_rest_queued_actions")).toBe(1);

    expect(await control("disableOrchestration")).toMatchObject({ status: 200, body: "" });
    expect(await control("disableOrchestration")).toMatchObject({ status: 200, body: "" });
    expect(await answersTo("2")).toBe(2);

    expect(await control("enableOrchestration")).toMatchObject({ status: 200, body: "" });
    expect(await answersTo("3")).toBe(2);
    expect(await fixed.metric("nmz_events_held")).toBe(1);
    vi.useRealTimers();
    await fixed[Symbol.asyncDispose]();
  });
});
