import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { StreamLimits } from "../../../../src/endpoint/stream/index.js";
import { FilesystemFaultAction, type Option } from "../../../../src/signal/index.js";
import {
  connect,
  eventJson,
  HandControl,
  StreamClient,
  type StreamServer,
  serveStream,
} from "./stream-server.js";

const servers: StreamServer[] = [];
const clients: StreamClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  for (const server of servers.splice(0)) await server.close();
});

async function serve(control = new HandControl(), limits: Partial<StreamLimits> = {}) {
  const server = await serveStream(control, limits);
  servers.push(server);
  return server;
}

async function client(url: string): Promise<StreamClient> {
  const made = await connect(url);
  clients.push(made);
  return made;
}

describe("the stream endpoint", () => {
  it("says hello with its protocol and limits", async () => {
    const server = await serve();
    const { items, socket } = await client(server.url);
    expect(socket.protocol).toBe("nmz-stream.v1");
    expect(items).toEqual([
      { type: "hello", protocol: "nmz-stream.v1", limits: { message_bytes: 16_777_216, events: 65_536 } },
    ]);
  });

  it("answers on the connection that asked, many in one message", async () => {
    const control = new HandControl();
    const server = await serve(control);
    const [one, two] = [await client(server.url), await client(server.url)];
    one.send(...Array.from({ length: 50 }, (_, index) => eventJson(`one-${index}`)));
    two.send(eventJson("two"));
    const answers = await one.received(50, "action");
    expect(answers[7]).toEqual({
      class: "EventAcceptanceAction",
      entity: "disk",
      event_uuid: "one-7",
      option: {},
      type: "action",
      uuid: expect.any(String),
    });
    expect(one.messages).toHaveLength(2);
    expect((await two.received(1, "action")).map((item) => item["event_uuid"])).toEqual(["two"]);
  });

  it("expects no answer to an event that nobody holds", async () => {
    const server = await serve();
    const one = await client(server.url);
    one.send(
      { ...eventJson("log"), class: "LogEvent", deferred: false, option: { src_entity: "a", message: "b" } },
      eventJson("held"),
    );
    await one.received(1, "action");
    expect(one.items.map((item) => item["event_uuid"])).toEqual([undefined, "held"]);
    expect(server.counts).toMatchObject({ events: 2, held: 0, refused: 0 });
  });

  it("refuses a bad event by its uuid, names the key, and takes the others", async () => {
    const server = await serve();
    const one = await client(server.url);
    one.send(
      eventJson("good"),
      eventJson("bad", { option: { op: "no-such-hook", path: "x" } }),
      { type: "event", class: "FilesystemEvent" },
      7,
      eventJson("good too"),
    );
    await one.received(2, "action");
    const errors = await one.received(3, "error");
    expect(errors).toEqual([
      {
        type: "error",
        code: "NMZ_STREAM_EVENT",
        event_uuid: "bad",
        index: 1,
        message: expect.stringMatching(/^option\.op: expected one of .*, got "no-such-hook"$/),
      },
      { type: "error", code: "NMZ_STREAM_EVENT", index: 2, message: expect.stringMatching(/^uuid: /) },
      { type: "error", code: "NMZ_STREAM_EVENT", index: 3, message: "event: expected a JSON object, got 7" },
    ]);
    expect(server.counts.refused).toBe(3);
  });

  it.each([
    ['[{"uuid":"é",}]', "the message is no JSON: at byte 14, expected a key in quotes", 1007],
    ["{}", "the message is no JSON array: at byte 0, expected [", 1007],
    ["", "the message is no JSON: at byte 0, expected a value", 1007],
  ])("ends a connection whose message is %j, and names the byte", async (text, message, code) => {
    const server = await serve();
    const one = await client(server.url);
    one.socket.send(text);
    await one.until(() => one.closed !== undefined);
    expect(one.items.at(-1)).toEqual({ type: "error", code: "NMZ_STREAM_MESSAGE", message });
    expect(one.closed).toEqual({ code, reason: message });
  });

  it("ends a connection that sends no text, no UTF-8 or too much", async () => {
    const server = await serve(new HandControl(), { maxMessageBytes: 1000 });
    const [binary, long] = [await client(server.url), await client(server.url)];
    binary.socket.send(Buffer.from("[]"));
    long.socket.send(`[${" ".repeat(1000)}]`);
    await binary.until(() => binary.closed !== undefined);
    await long.until(() => long.closed !== undefined);
    expect(binary.closed?.code).toBe(1003);
    expect(long.closed?.code).toBe(1009);
  });

  it("refuses web pages, other protocols and too many clients", async () => {
    const server = await serve(new HandControl(), { maxConnections: 1 });
    const page = new StreamClient(server.url, ["nmz-stream.v1"], { origin: "http://example.org" });
    await page.until(() => page.status !== undefined);
    expect(page.status).toBe(403);
    const later = new StreamClient(server.url, ["nmz-stream.v9"]);
    await later.until(() => later.status !== undefined);
    expect(later.status).toBe(426);
    await client(server.url);
    const second = new StreamClient(server.url);
    await second.until(() => second.status !== undefined);
    expect(second.status).toBe(503);
  });

  it("refuses events beyond the bound by their uuids, and takes more when some are answered", async () => {
    const control = new HandControl();
    control.isImmediate = false;
    const server = await serve(control, { maxEvents: 2 });
    const one = await client(server.url);
    one.send(eventJson("a"), eventJson("b"), eventJson("c"));
    const [error] = await one.received(1, "error");
    expect(error).toMatchObject({ code: "NMZ_STREAM_FULL", event_uuid: "c" });
    control.answerAll();
    control.isImmediate = true;
    one.send(eventJson("d"));
    const answers = await one.received(3, "action");
    expect(answers.map((item) => item["event_uuid"])).toEqual(["a", "b", "d"]);
  });

  it("refuses events beyond the bytes that all clients may have unanswered, and takes more when some are answered", async () => {
    const control = new HandControl();
    control.isImmediate = false;
    const message = `[${JSON.stringify(eventJson("1"))}]`;
    const server = await serve(control, { maxEventBytes: 2 * message.length });
    const [one, two] = [await client(server.url), await client(server.url)];
    one.socket.send(message);
    one.socket.send(message.replaceAll('"1"', '"2"'));
    while (control.taken.length < 2) await new Promise((resolve) => setImmediate(resolve));
    two.socket.send(message.replaceAll('"1"', '"3"'));
    expect(await two.received(1, "error")).toEqual([
      {
        type: "error",
        index: 0,
        event_uuid: "3",
        code: "NMZ_STREAM_FULL",
        message: `${2 * message.length} bytes of events have no answer yet, over all connections`,
      },
    ]);
    one.socket.terminate();
    control.answerAll();
    control.isImmediate = true;
    two.socket.send(message.replaceAll('"1"', '"4"'));
    expect((await two.received(1, "action"))[0]).toMatchObject({ event_uuid: "4" });
  });

  it("answers with acceptance where the policy's action has no JSON, and serves the others", async () => {
    const control = new HandControl();
    control.isImmediate = false;
    const server = await serve(control);
    const [one, two] = [await client(server.url), await client(server.url)];
    one.send(eventJson("a"));
    two.send(eventJson("b"));
    while (control.taken.length < 2) await new Promise((resolve) => setImmediate(resolve));
    class Odd extends FilesystemFaultAction {
      override get option(): Option {
        return { count: 1n as never };
      }
    }
    for (const { event, sink } of control.taken) {
      if (event.uuid === "a") expect(() => sink.deliver(event, new Odd(event))).toThrow("BigInt");
      else sink.deliver(event, new FilesystemFaultAction(event));
    }
    expect((await one.received(1, "action"))[0]).toMatchObject({ class: "EventAcceptanceAction" });
    expect((await two.received(1, "action"))[0]).toMatchObject({ class: "FilesystemFaultAction" });
    expect(server.counts.held).toBe(0);
  });

  it("sends what has been answered before it closes", async () => {
    const control = new HandControl();
    control.isImmediate = false;
    const server = await serve(control);
    const one = await client(server.url);
    one.send(...Array.from({ length: 500 }, (_, index) => eventJson(String(index))));
    while (control.taken.length < 500) await new Promise((resolve) => setTimeout(resolve, 1));
    control.answerAll();
    await server.close();
    await one.until(() => one.closed !== undefined);
    expect(one.items.filter(({ type }) => type === "action")).toHaveLength(500);
    expect(one.closed).toEqual({ code: 1001, reason: "the orchestrator ends" });
  });

  it("does not read from a client that takes no answers", async () => {
    const server = await serve(new HandControl(), { maxUntakenBytes: 10_000 });
    const one = await client(server.url);
    one.socket.pause();
    // More than both ends' socket buffers hold: an answer repeats its event's entity.
    const [messages, perMessage, entity] = [100, 20, "e".repeat(16_000)];
    const total = messages * perMessage;
    const batch = JSON.stringify(
      Array.from({ length: perMessage }, (_, index) => eventJson(String(index), { entity })),
    );
    for (let count = 0; count < messages; count++) one.socket.send(batch);
    let seen = -1;
    while (server.counts.events !== seen) {
      seen = server.counts.events;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(seen).toBeLessThan(total);
    one.socket.resume();
    await one.received(total, "action");
    expect(server.counts).toMatchObject({ events: total, held: 0 });
  });

  it("lets go of a client that gives no sign of life", async () => {
    const server = await serve(new HandControl(), { pingIntervalMs: 10 });
    const one = new StreamClient(server.url);
    clients.push(one);
    await new Promise<void>((resolve) => one.socket.once("open", resolve));
    one.socket.pause();
    while (server.counts.connections === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    while (server.counts.connections > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(server.counts.connections).toBe(0);
  });

  it("answers or refuses each event that can be told by a uuid, whatever it is sent", async () => {
    const control = new HandControl();
    const server = await serve(control);
    const seed = randomBytes(4).readInt32LE();
    const field = fc.oneof(
      fc.constantFrom("uuid", "entity", "class", "option", "deferred", "type"),
      fc.string(),
    );
    const mutated = fc
      .tuple(fc.uuid(), fc.option(fc.tuple(field, fc.jsonValue()), { nil: undefined }))
      .map(([uuid, change]) =>
        change === undefined ? eventJson(uuid) : { ...eventJson(uuid), [change[0]]: change[1] },
      );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(mutated, fc.jsonValue()), { maxLength: 8 }), async (items) => {
        const one = await connect(server.url);
        one.send(...items, eventJson("last"));
        await one.until(() => one.items.some((item) => item["event_uuid"] === "last"));
        const told = one.items.filter(({ type }) => type === "action" || type === "error");
        const unheld = control.taken.splice(0).filter(({ event }) => !event.deferred).length;
        expect(told.length + unheld).toBe(items.length + 1);
        one.socket.terminate();
      }),
      { numRuns: 200, seed },
    );
  });
});
