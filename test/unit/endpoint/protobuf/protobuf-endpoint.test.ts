import { once } from "node:events";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Control, Endpoint } from "../../../../src/endpoint/endpoint.js";
import {
  type ProtobufEndpointOptions,
  startProtobufEndpoint,
} from "../../../../src/endpoint/protobuf/index.js";
import type { ActionSink, Event } from "../../../../src/signal/index.js";
import { AgentClient } from "./agent-client.js";

/** Holds every event until the test answers it. */
class HoldingControl implements Control {
  readonly isEnabled = true;
  readonly counts = { events: 0, delayed: 0, held: 0, errors: 0 };
  readonly held: { event: Event; answer: () => void }[] = [];
  setEnabled(): void {}
  submit(event: Event, sink: ActionSink): void {
    this.held.push({ event, answer: () => sink.deliver(event, event.defaultAction()) });
  }
}

/** Longer than a busy machine needs; how long it takes is no test. */
const patience = { timeout: 9_000, interval: 2 };
const ack = 1;
const error = 2;
const end = 3;

describe("the protobuf endpoint", () => {
  const control = new HoldingControl();
  const warnings: string[] = [];
  const endpoints: Endpoint[] = [];
  const clients: AgentClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    for (const endpoint of endpoints.splice(0)) await endpoint.close();
    control.held.length = 0;
    warnings.length = 0;
  });

  async function start(more: Partial<ProtobufEndpointOptions> = {}): Promise<Endpoint> {
    const endpoint = await startProtobufEndpoint({
      control,
      onWarning: (line) => warnings.push(line),
      ...more,
    });
    endpoints.push(endpoint);
    return endpoint;
  }

  function client(endpoint: Endpoint): AgentClient {
    const made = new AgentClient(endpoint.port);
    clients.push(made);
    return made;
  }

  const held = (count: number) => vi.waitFor(() => expect(control.held).toHaveLength(count), patience);

  it("answers the captured request with the captured reply", async () => {
    const { socket } = client(await start());
    socket.write(Buffer.from("1b0000000a04656e743110011800200128013a09080112050a03666f6f4800", "hex"));
    await held(1);
    expect(control.held[0]?.event.toJSON()).toMatchObject({
      class: "JavaFunctionEvent",
      type: "event",
      deferred: true,
      entity: "ent1",
      option: { function_event_type: "call", function_name: "foo" },
    });
    const reply = once(socket, "data");
    control.held[0]?.answer();
    expect(((await reply)[0] as Buffer).toString("hex")).toBe("0400000008011001");
  });

  it("answers INITIATION with ACK and its id", async () => {
    const agent = client(await start());
    agent.send({ entityId: "jvm", type: 2, pid: 0, tid: 1, msgId: 0, initiation: { entityId: "jvm" } });
    expect(await agent.next()).toMatchObject({ res: ack, msgId: 0 });
  });

  it("answers on the connection that asked, also when two speak for one entity", async () => {
    const endpoint = await start();
    const first = client(endpoint);
    const second = client(endpoint);
    first.call(1, "a");
    await held(1);
    second.call(2, "b");
    await held(2);
    for (const { answer } of control.held) answer();
    expect(await second.next()).toMatchObject({ res: ack, msgId: 2 });
    expect(await first.next()).toMatchObject({ res: ack, msgId: 1 });
  });

  it("has many events of one connection wait, and answers them in the order of the decisions", async () => {
    const agent = client(await start());
    for (let id = 1; id <= 50; id += 1) agent.call(id, `f${id}`);
    await held(50);
    for (const { answer } of control.held.toReversed()) answer();
    const ids = [];
    for (let count = 0; count < 50; count += 1) ids.push((await agent.next()).msgId);
    expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => 50 - index));
  });

  it("answers EXIT with END, after all that is still due", async () => {
    const agent = client(await start());
    agent.call(1, "f");
    agent.exit(2);
    agent.send({ entityId: "jvm", type: 2, pid: 0, tid: 1, msgId: 3 });
    expect(await agent.next()).toMatchObject({ res: ack, msgId: 3 });
    control.held[0]?.answer();
    expect(await agent.next()).toMatchObject({ res: ack, msgId: 1 });
    expect(await agent.next()).toMatchObject({ res: end, msgId: 2 });
  });

  it("answers what it cannot read with ERROR, says so once, and goes on with the connection", async () => {
    const agent = client(await start());
    agent.send({ entityId: "jvm", type: 7, pid: 0, tid: 1, msgId: 4 });
    expect(await agent.next()).toMatchObject({ res: error, msgId: 4 });
    agent.sendBytes("03000000ffffff");
    const reply = await agent.next();
    expect(reply.res).toBe(error);
    expect(Object.hasOwn(reply, "msgId")).toBe(false);
    agent.call(5, "f");
    await held(1);
    control.held[0]?.answer();
    expect(await agent.next()).toMatchObject({ res: ack, msgId: 5 });
    expect(warnings).toEqual([expect.stringContaining("type 7 is neither EVENT")]);
  });

  it("names so many clients that send nonsense, and no more", async () => {
    const endpoint = await start({ limits: { warnings: 2 } });
    for (let index = 0; index < 4; index++) {
      const agent = client(endpoint);
      agent.sendBytes("01001000");
      await agent.closed();
    }
    expect(warnings).toEqual([
      expect.stringMatching(/a frame of 1048577 bytes.*closed$/),
      expect.stringMatching(/\(further clients are not named\)$/),
    ]);
  });

  it("closes the connection of a frame that is too long, names its length, and serves the others", async () => {
    const endpoint = await start();
    const other = client(endpoint);
    const agent = client(endpoint);
    agent.sendBytes("01001000");
    expect((await agent.next()).res).toBe(error);
    await agent.closed();
    expect(warnings).toEqual([expect.stringContaining("a frame of 1048577 bytes")]);
    other.call(1, "f");
    await held(1);
    control.held[0]?.answer();
    expect((await other.next()).res).toBe(ack);
  });

  it("outlives whatever bytes come, and serves the others meanwhile", async () => {
    const endpoint = await start();
    const agent = client(endpoint);
    const frame = fc.uint8Array({ maxLength: 60 }).map((body) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(body.length);
      return Buffer.concat([head, body]);
    });
    let id = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(frame, fc.uint8Array({ maxLength: 60 })), { maxLength: 8 }),
        async (chunks) => {
          const rude = new AgentClient(endpoint.port);
          for (const chunk of chunks) rude.socket.write(chunk);
          rude.socket.end();
          await rude.closed();
          id += 1;
          agent.call(id, "f");
          await vi.waitFor(() => expect(control.held.length).toBeGreaterThan(0), patience);
          for (const { answer } of control.held.splice(0)) answer();
          expect(await agent.next()).toMatchObject({ res: ack, msgId: id });
        },
      ),
      { numRuns: 100 },
    );
  });

  it("does not mind a client that goes away with events outstanding", async () => {
    const endpoint = await start();
    const agent = client(endpoint);
    agent.call(1, "f");
    await held(1);
    agent.socket.resetAndDestroy();
    await agent.closed();
    for (const { answer } of control.held) answer();
    const next = client(endpoint);
    next.call(2, "g");
    await held(2);
    control.held[1]?.answer();
    expect(await next.next()).toMatchObject({ res: ack, msgId: 2 });
    expect(warnings).toEqual([]);
  });

  it("does not read on from a connection that has too many events outstanding", async () => {
    const agent = client(await start({ limits: { outstanding: 2 } }));
    const other = client(endpoints[0]!);
    agent.call(1, "a");
    agent.call(2, "b");
    await held(2);
    agent.call(3, "c");
    other.call(1, "d", "other");
    await held(3);
    expect(control.held.map(({ event }) => event.entity)).toEqual(["jvm", "jvm", "other"]);
    control.held[0]?.answer();
    await held(4);
    for (const { answer } of control.held.slice(1)) answer();
    expect([(await agent.next()).msgId, (await agent.next()).msgId, (await agent.next()).msgId]).toEqual([
      1, 2, 3,
    ]);
  });

  it("takes one event at a time of each connection while too many bytes wait", async () => {
    const agent = client(await start({ limits: { outstandingBytes: 1000 } }));
    const other = client(endpoints[0]!);
    agent.call(1, "a".repeat(1000));
    await held(1);
    agent.call(2, "b");
    other.call(1, "c", "other");
    await held(2);
    other.call(2, "d", "other");
    expect(control.held.map(({ event }) => event.entity)).toEqual(["jvm", "other"]);
    control.held[0]?.answer();
    await held(3);
    control.held[1]?.answer();
    await held(4);
    for (const { answer } of control.held.slice(2)) answer();
    for (const each of [agent, other]) {
      expect([(await each.next()).msgId, (await each.next()).msgId]).toEqual([1, 2]);
    }
  });

  it("listens on loopback, unless its caller vouches for the network", async () => {
    expect((await start()).address).toMatch(/^127\.0\.0\.1:\d+$/);
    for (const host of ["0.0.0.0", "::", "192.0.2.1", "example.org"]) {
      await expect(start({ host })).rejects.toMatchObject({ code: "NMZ_PROTOBUF_REMOTE" });
    }
    expect((await start({ host: "::ffff:127.0.0.1" })).address).toMatch(/127\.0\.0\.1\]?:\d+$/);
    expect((await start({ host: "0.0.0.0", allowRemote: true })).port).toBeGreaterThan(0);
  });

  it("says which port is taken", async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toMatchObject({
      code: "NMZ_ENDPOINT_PORT",
      message: `cannot listen on 127.0.0.1:${port}: port ${port} is in use`,
      hint: expect.stringContaining("--pb-port"),
    });
  });

  it("lets go of clients that keep their end open, and may be closed twice", async () => {
    const endpoint = await start();
    const agent = client(endpoint);
    agent.socket.allowHalfOpen = true;
    agent.call(1, "f");
    await held(1);
    control.held[0]?.answer();
    await Promise.all([endpoint.close(), endpoint.close()]);
    expect(await agent.next()).toMatchObject({ res: ack, msgId: 1 });
  });
});
