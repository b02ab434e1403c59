import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Event } from "../../../src/signal/index.js";
import { ReconnectingTransceiver } from "../../../src/transceiver/reconnecting-transceiver.js";
import { StreamLink } from "../../../src/transceiver/stream/stream-link.js";
import type { StreamSocket } from "../../../src/transceiver/stream/stream-socket.js";
import { NmzError } from "../../../src/util/index.js";
import { answer, mkdir, RecordingSink, threads } from "./wire-events.js";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "setInterval", "clearInterval"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const hello = {
  type: "hello",
  protocol: "nmz-stream.v1",
  limits: { message_bytes: 1 << 20, events: 1000 },
} as const;

class FakeSocket implements StreamSocket {
  bufferedAmount = 0;
  isClosed = false;
  pings = 0;
  readonly sent: string[] = [];

  send(text: string): void {
    this.sent.push(text);
  }

  ping(): void {
    this.pings += 1;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  get events(): { uuid: string }[] {
    return this.sent.flatMap((text) => JSON.parse(text) as { uuid: string }[]);
  }
}

/** A transceiver whose orchestrator is up or down as the test says, over a stream whose socket is the test's. */
class Wire {
  readonly sink = new RecordingSink();
  readonly warnings: string[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly transceiver: ReconnectingTransceiver;
  isUp = true;
  abilities: readonly string[] = [];
  link: StreamLink | undefined;

  constructor(options: { maxWaiting?: number } = {}) {
    this.transceiver = new ReconnectingTransceiver({
      name: "orchestrator test",
      connect: async (listener) => {
        if (!this.isUp) throw new Error("nobody there");
        const socket = new FakeSocket();
        this.sockets.push(socket);
        this.link = new StreamLink(socket, { ...hello, abilities: this.abilities }, listener);
        return this.link;
      },
      onWarning: (line) => this.warnings.push(line),
      random: () => 0.5,
      ...options,
    });
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  send<E extends Event>(event: E): E {
    this.transceiver.send(event, this.sink);
    return event;
  }

  say(...items: unknown[]): void {
    this.link?.onMessage(JSON.stringify(items));
  }

  /** Ends a turn of the event loop. */
  async turn(milliseconds = 0): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds);
  }
}

async function openWire(options: { maxWaiting?: number } = {}): Promise<Wire> {
  const wire = new Wire(options);
  await wire.transceiver.open();
  return wire;
}

const disk = {
  entities: ["disk"],
  crash: async () => ({ lost: [{ path: "log", writes: 1, bytes: 4 }], failed: [] }),
};

describe("ReconnectingTransceiver, with somebody who can crash", () => {
  it("offers that over each connection, and crashes when it is told to", async () => {
    const wire = new Wire();
    wire.abilities = ["crashFs.v1"];
    wire.transceiver.offerCrash(disk);
    await wire.transceiver.open();
    const offer = { type: "offer", ability: "crashFs.v1", entity: "disk" };
    expect(wire.socket.events).toEqual([offer]);
    wire.say({ type: "command", ability: "crashFs.v1", id: "1", entity: "disk" });
    wire.say({ type: "command", ability: "crashFs.v1", id: "2", entity: "tape" });
    await wire.turn();
    expect(wire.socket.events.slice(1)).toEqual(
      expect.arrayContaining([
        { type: "result", id: "1", lost: [{ path: "log", writes: 1, bytes: 4 }], failed: [] },
        { type: "result", id: "2", error: "tape did not offer crashFs.v1" },
      ]),
    );
    wire.link?.onClose("the connection broke");
    await wire.turn(1_000);
    expect(wire.sockets).toHaveLength(2);
    expect(wire.socket.events).toEqual([offer]);
  });

  it("says once that an orchestrator knows no crashes, and sends it nothing that it would take for an event", async () => {
    const wire = await openWire();
    wire.transceiver.offerCrash(disk);
    wire.link?.onClose("the connection broke");
    await wire.turn(1_000);
    expect(wire.sockets.flatMap(({ sent }) => sent)).toEqual([]);
    expect(wire.warnings.filter((line) => line.includes("crash"))).toEqual([
      "orchestrator test cannot ask for a crash: it knows none, or not over stream",
    ]);
  });
});

describe("ReconnectingTransceiver", () => {
  it("gives an event the action that answers it", async () => {
    const wire = await openWire();
    const [a, b] = [wire.send(mkdir("a")), wire.send(mkdir("b"))];
    await wire.turn();
    expect(wire.socket.events.map(({ uuid }) => uuid)).toEqual([a.uuid, b.uuid]);
    wire.say(answer(b, "FilesystemFaultAction"), answer(a));
    expect(wire.sink.classesOf(a)).toEqual(["EventAcceptanceAction"]);
    expect(wire.sink.classesOf(b)).toEqual(["FilesystemFaultAction"]);
    expect(wire.transceiver.counts).toMatchObject({ events: 2, answered: 2, waiting: 0, acceptedUnseen: 0 });
  });

  it("sends what one turn of the event loop brings in one message", async () => {
    const wire = await openWire();
    for (const path of ["a", "b", "c"]) wire.send(mkdir(path));
    await wire.turn();
    expect(wire.socket.sent).toHaveLength(1);
  });

  it("accepts what waits when the connection is lost, and what comes until there is a new one", async () => {
    const wire = await openWire();
    const before = wire.send(mkdir("before"));
    wire.isUp = false;
    wire.link?.onClose("the connection broke");
    expect(wire.sink.classesOf(before)).toEqual(["EventAcceptanceAction"]);
    const during = wire.send(mkdir("during"));
    expect(wire.sink.classesOf(during)).toEqual(["EventAcceptanceAction"]);
    expect(wire.transceiver.state).toBe("away");
    await wire.turn(20_000);
    wire.isUp = true;
    await wire.turn(5_000);
    expect(wire.transceiver.state).toBe("connected");
    const after = wire.send(mkdir("after"));
    await wire.turn();
    expect(wire.sink.classesOf(after)).toEqual([]);
    expect(wire.socket.events.map(({ uuid }) => uuid)).toEqual([after.uuid]);
    expect(wire.warnings).toEqual([
      "orchestrator test is gone (the connection broke): events are accepted unseen until it is back",
      "orchestrator test is back; 2 events were accepted unseen meanwhile",
    ]);
  });

  it("ignores an answer that comes after its event was accepted", async () => {
    const wire = await openWire();
    const event = wire.send(mkdir("late"));
    wire.link?.onClose("gone");
    await wire.turn(200);
    expect(wire.transceiver.state).toBe("connected");
    wire.say(answer(event, "FilesystemFaultAction"));
    expect(wire.sink.classesOf(event)).toEqual(["EventAcceptanceAction"]);
    expect(wire.transceiver.counts.ignored).toBe(1);
  });

  it("is away, and says so, when there is no orchestrator from the start", async () => {
    const wire = new Wire();
    wire.isUp = false;
    await wire.transceiver.open();
    expect(wire.sink.classesOf(wire.send(mkdir("early")))).toEqual(["EventAcceptanceAction"]);
    await wire.turn(60_000);
    expect(wire.warnings).toEqual([
      "orchestrator test cannot be reached (nobody there): events are accepted unseen until it is back",
    ]);
  });

  it("tries again after 100 ms, then ever more seldom, at most every five seconds", async () => {
    const attempts: number[] = [];
    let now = 0;
    const transceiver = new ReconnectingTransceiver({
      name: "x",
      connect: async () => {
        attempts.push(now);
        throw new Error("no");
      },
      onWarning: () => {},
      random: () => 1,
    });
    await transceiver.open();
    for (; now < 30_000; now += 50) await vi.advanceTimersByTimeAsync(50);
    const gaps = attempts.slice(1).map((at, index) => at - attempts[index]!);
    expect(gaps.slice(1, 7)).toEqual([200, 400, 800, 1600, 3200, 5000]);
    await transceiver.close();
  });

  it("does not try for ever where trying cannot help", async () => {
    const refused = new NmzError("NMZ_TRANSCEIVER_TOKEN", "not let in");
    const transceiver = new ReconnectingTransceiver({
      name: "x",
      connect: async () => {
        throw refused;
      },
      onWarning: () => {},
    });
    await expect(transceiver.open()).rejects.toBe(refused);
  });

  it("gives an event that nobody holds the action that may come, and expects none", async () => {
    const wire = await openWire();
    const events = [wire.send(threads(1)), wire.send(threads(2))];
    await wire.turn();
    const attrs = { 2: { Policy: 3, Nice: 5 } };
    wire.say(answer(events[1]!, "ProcSetSchedAction", { attrs }));
    expect(wire.sink.classesOf(events[1]!)).toEqual(["ProcSetSchedAction"]);
    wire.link?.onClose("gone");
    expect(wire.sink.classesOf(events[0]!)).toEqual([]);
    expect(wire.transceiver.counts).toMatchObject({ waiting: 0, acceptedUnseen: 0 });
  });

  it("does not keep events that nobody holds for ever", async () => {
    const wire = await openWire();
    const first = wire.send(threads(1));
    for (let id = 2; id <= 4_097; id++) wire.send(threads(id));
    wire.say(answer(first, "ProcSetSchedAction", { attrs: {} }));
    expect(wire.sink.classesOf(first)).toEqual([]);
    expect(wire.transceiver.counts.ignored).toBe(1);
  });

  it("accepts what is too much, and says so once", async () => {
    const wire = await openWire({ maxWaiting: 2 });
    const events = [1, 2, 3, 4].map((number) => wire.send(mkdir(String(number))));
    expect(events.map((event) => wire.sink.classesOf(event).length)).toEqual([0, 0, 1, 1]);
    expect(wire.warnings).toEqual(["orchestrator test has 2 events unanswered: more are accepted unseen"]);
  });

  it("accepts events while the network takes none", async () => {
    const wire = await openWire();
    wire.socket.bufferedAmount = 17 * 1024 * 1024;
    expect(wire.sink.classesOf(wire.send(mkdir("a")))).toEqual(["EventAcceptanceAction"]);
    wire.socket.bufferedAmount = 0;
    expect(wire.sink.classesOf(wire.send(mkdir("b")))).toEqual([]);
  });

  it("keeps an event's data before its caller's buffer is used again", async () => {
    const wire = await openWire();
    const event = mkdir("kept");
    const retain = vi.spyOn(event, "retain");
    wire.send(event);
    expect(retain).toHaveBeenCalledOnce();
    const lost = mkdir("lost");
    lost.retain = () => {
      throw new Error("no memory");
    };
    expect(wire.sink.classesOf(wire.send(lost))).toEqual(["EventAcceptanceAction"]);
  });

  it.each([
    ["no JSON", "{"],
    ["no array", "{}"],
    ["no text", undefined],
  ])("takes an orchestrator that sends %s for gone", async (_what, text) => {
    const wire = await openWire();
    const event = wire.send(mkdir("a"));
    wire.link?.onMessage(text);
    expect(wire.sink.classesOf(event)).toEqual(["EventAcceptanceAction"]);
    expect(wire.socket.isClosed).toBe(true);
  });

  it("takes an orchestrator that says nothing any more for gone within eight seconds", async () => {
    const wire = await openWire();
    const event = wire.send(mkdir("a"));
    await wire.turn(6_900);
    expect(wire.socket.pings).toBeGreaterThan(0);
    wire.link?.onSign();
    await wire.turn(5_900);
    expect(wire.sink.classesOf(event)).toEqual([]);
    await wire.turn(1_600);
    expect(wire.sink.classesOf(event)).toEqual(["EventAcceptanceAction"]);
  });

  it("accepts an event that the orchestrator refuses, or answers with what is no answer", async () => {
    const wire = await openWire();
    const [a, b, c] = [wire.send(mkdir("a")), wire.send(mkdir("b")), wire.send(mkdir("c"))];
    await wire.turn();
    wire.say(
      { type: "error", code: "NMZ_STREAM_EVENT", message: "option.op: no", event_uuid: a.uuid },
      answer(b, "ShellAction"),
      answer(c, "NopAction"),
      { type: "of a later version" },
    );
    for (const event of [a, b, c]) expect(wire.sink.classesOf(event)).toEqual(["EventAcceptanceAction"]);
    expect(wire.transceiver.state).toBe("connected");
  });

  it("says no more than fifty things about refused events, however many there are", async () => {
    const wire = await openWire();
    for (let number = 0; number < 200; number++) {
      const event = wire.send(mkdir(String(number)));
      wire.say({ type: "error", message: `uuid mismatch: ${event.uuid}`, event_uuid: event.uuid });
    }
    expect(wire.transceiver.counts).toMatchObject({ acceptedUnseen: 200, waiting: 0 });
    expect(wire.warnings).toHaveLength(50);
  });

  it("accepts everything when it is closed, once, and what comes later", async () => {
    const wire = await openWire();
    const event = wire.send(mkdir("a"));
    await wire.transceiver.close();
    await wire.transceiver.close();
    expect(wire.sink.classesOf(event)).toEqual(["EventAcceptanceAction"]);
    expect(wire.sink.classesOf(wire.send(mkdir("b")))).toEqual(["EventAcceptanceAction"]);
    expect(wire.socket.isClosed).toBe(true);
    expect(wire.warnings).toEqual([]);
  });

  it("answers each deferred event exactly once, whatever is sent, answered, lost and found in between", async () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant("send" as const), count: fc.integer({ min: 1, max: 4 }) }),
      },
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant("answer" as const), which: fc.nat(), how: fc.nat(4) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant("turn" as const), ms: fc.constantFrom(0, 1, 300, 6000) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("break" as const), how: fc.nat(2) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("server" as const), isUp: fc.boolean() }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, startsUp) => {
        const wire = new Wire({ maxWaiting: 20 });
        wire.isUp = startsUp;
        await wire.transceiver.open();
        const events: Event[] = [];
        for (const now of steps) {
          if (now.do === "send") {
            for (let count = 0; count < now.count; count++) {
              events.push(wire.send(count === 3 ? threads(count + 1) : mkdir(String(events.length))));
            }
          } else if (now.do === "answer" && events.length > 0) {
            const event = events[now.which % events.length]!;
            const fault = now.how === 0 ? "FilesystemFaultAction" : "EventAcceptanceAction";
            if (now.how === 4) wire.say({ type: "error", message: "no", event_uuid: event.uuid });
            else if (now.how === 3) wire.say(answer(event, "NoSuchAction"));
            else wire.say(answer(event, fault));
          } else if (now.do === "turn") await wire.turn(now.ms);
          else if (now.do === "break" && wire.transceiver.state === "connected") {
            if (now.how === 0) wire.link?.onClose("broken");
            else if (now.how === 1) wire.link?.onMessage("nonsense");
            else wire.say(null, 1, { type: "action" }, { type: "error" });
          } else if (now.do === "server") wire.isUp = now.isUp;
        }
        await wire.transceiver.close();
        for (const event of events) {
          const count = wire.sink.classesOf(event).length;
          if (event.deferred) expect(count).toBe(1);
          else expect(count).toBeLessThanOrEqual(1);
        }
        expect(wire.transceiver.counts.waiting).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
