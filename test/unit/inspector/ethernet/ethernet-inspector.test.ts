import { describe, expect, it } from "vitest";
import {
  acceptVerdict,
  dropVerdict,
  inputHook,
  outputHook,
  type PacketQueue,
  type Verdict,
} from "../../../../runtime/kernel/index.js";
import { EthernetInspector } from "../../../../src/inspector/ethernet/ethernet-inspector.js";
import {
  type Event,
  type PacketEvent,
  PacketFaultAction,
  ShellAction,
} from "../../../../src/signal/index.js";
import { ack, fin, ip6, rst, syn, type TcpOptions, tcp4, tcpSegment } from "./packet-builder.js";

/** A queue that only remembers, and an inspector whose events wait until the test answers them. */
function setUp() {
  const verdicts = new Map<number, Verdict>();
  const queue: PacketQueue = {
    queueNumber: 42,
    setVerdict: (id, verdict) => void verdicts.set(id, verdict),
    flush: () => {},
    acceptAll: () => {},
    statistics: () => ({ received: 0, kernelDropped: 3, undelivered: 0, verdictsRefused: 0 }),
    close: async () => {},
  };
  const events: Event[] = [];
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, wallMs: () => nowMs };
  const errors: unknown[] = [];
  let wireError: Error | undefined;
  const transceiver = {
    send: (event: Event) => {
      if (wireError !== undefined) throw wireError;
      events.push(event);
    },
  };
  const inspector = new EthernetInspector("entity", transceiver, (error) => errors.push(error), clock);
  let detached = 0;
  inspector.attached({
    queue,
    firstEphemeralPort: 32768,
    details: {},
    detach: async () => {
      detached += 1;
    },
  });
  let id = 0;
  return {
    inspector,
    events,
    verdicts,
    errors,
    breakWire: () => {
      wireError = new Error("cut");
    },
    detached: () => detached,
    pass(milliseconds: number): void {
      nowMs += milliseconds;
    },
    /** The packet comes in memory that is overwritten as soon as the call is over, as in the ring. */
    arrive(packet: Buffer, hook = outputHook, isKept = true): number {
      const memory = Buffer.concat([Buffer.alloc(4), packet]);
      id += 1;
      const before = events.length;
      inspector.onPacket({ id, hook, memory, start: 4, end: memory.length, wireLength: packet.length });
      if (isKept && events.length > before) events.at(-1)?.retain();
      memory.fill(0xee);
      return id;
    },
    answer(event: Event | undefined, isFault = false): void {
      const action = isFault ? event?.faultAction() : event?.defaultAction();
      if (event === undefined || action === undefined) throw new Error("no event to answer");
      inspector.deliver(event, action);
    },
  };
}

const data: TcpOptions = { sequence: 1000, payload: "0123456789" };

describe("EthernetInspector", () => {
  it("makes an event of each packet and does what the action says", () => {
    const { inspector, events, verdicts, arrive, answer } = setUp();
    arrive(tcp4(data));
    arrive(tcp4({ ...data, sequence: 2000 }));
    answer(events[1], true);
    answer(events[0]);
    expect([...verdicts]).toEqual([
      [2, dropVerdict],
      [1, acceptVerdict],
    ]);
    expect(inspector.report()).toMatchObject({
      inspector: "ethernet",
      entity: "entity",
      events: 2,
      faults: { drop: 1 },
    });
  });

  it("keeps what a packet is when its memory is used for the next", () => {
    const { events, arrive } = setUp();
    arrive(tcp4({ ...data, sourcePort: 50000 }));
    const event = events[0] as PacketEvent;
    expect(event.source.srcEntity).toBe("entity-10.0.0.2:50000");
    expect(Buffer.from(event.source.bytes)).toEqual(tcp4({ ...data, sourcePort: 50000 }));
    expect(event.toJSON()).toMatchObject({
      class: "PacketEvent",
      deferred: true,
      option: { src_entity: "entity-10.0.0.2:50000", dst_entity: "entity-10.0.0.3:80" },
    });
    expect(event.replayHint).toMatch(/^tcp:output:local>10\.0\.0\.3:80:data:/);
  });

  it("accepts on an action that is no answer to a packet, and counts it", () => {
    const { inspector, events, verdicts, arrive } = setUp();
    arrive(tcp4(data));
    inspector.deliver(events[0]!, new ShellAction("true"));
    expect(verdicts.get(1)).toBe(acceptVerdict);
    expect(Object.entries(inspector.report().refusals)).toEqual([
      ["ShellAction is no answer to a packet: accepted", 1],
    ]);
  });

  it("accepts when the wire fails, and says so once", () => {
    const { inspector, errors, verdicts, arrive, breakWire } = setUp();
    breakWire();
    arrive(tcp4(data));
    arrive(tcp4({ ...data, sequence: 2000 }));
    expect([...verdicts.values()]).toEqual([acceptVerdict, acceptVerdict]);
    expect(errors).toHaveLength(1);
    expect(inspector.report().refusals).toEqual({ "the wire failed: accepted (cut)": 2 });
  });

  it("answers each packet once", () => {
    const { inspector, events, verdicts, arrive, answer } = setUp();
    arrive(tcp4(data));
    answer(events[0]);
    inspector.deliver(events[0]!, new PacketFaultAction(events[0]!));
    expect(verdicts.get(1)).toBe(acceptVerdict);
    expect(inspector.report().faults).toEqual({});
  });

  it("drops a segment sent again while its first copy is held, without an event", () => {
    const { inspector, events, verdicts, arrive } = setUp();
    arrive(tcp4(data));
    arrive(tcp4({ ...data, acknowledgement: 99, ipId: 8 }));
    expect(events).toHaveLength(1);
    expect([...verdicts]).toEqual([[2, dropVerdict]]);
    expect(inspector.report().details["retransmissions dropped"]).toBe(1);
  });

  it.each([
    ["SYN", { flags: syn }],
    ["SYN-ACK", { flags: syn | ack }],
    ["FIN", { flags: fin | ack }],
  ])("treats a %s sent again like data", (_, options) => {
    const { events, verdicts, arrive } = setUp();
    arrive(tcp4(options));
    arrive(tcp4(options));
    expect(events).toHaveLength(1);
    expect(verdicts.get(2)).toBe(dropVerdict);
  });

  it("takes a copy for new as soon as the earlier one was faulted", () => {
    const { events, arrive, answer } = setUp();
    arrive(tcp4(data));
    answer(events[0], true);
    arrive(tcp4(data));
    expect(events).toHaveLength(2);
  });

  it("takes a copy for new when the earlier one was let go some time ago", () => {
    const { events, arrive, answer, pass } = setUp();
    arrive(tcp4(data));
    answer(events[0]);
    arrive(tcp4(data));
    expect(events).toHaveLength(1);
    pass(100);
    arrive(tcp4(data));
    expect(events).toHaveLength(2);
  });

  it("never takes an acknowledgement without data, or a reset, for a retransmission", () => {
    for (const flags of [ack, rst, rst | ack]) {
      const { events, arrive } = setUp();
      for (let i = 0; i < 4; i++) arrive(tcp4({ flags }));
      expect(events).toHaveLength(4);
    }
  });

  it("does not confuse flows, directions, or the way out with the way in", () => {
    const { events, arrive } = setUp();
    arrive(tcp4(data));
    arrive(tcp4({ ...data, sourcePort: 40001 }));
    arrive(
      tcp4({ ...data, sourcePort: 80, destinationPort: 40000, source: "10.0.0.3", destination: "10.0.0.2" }),
    );
    arrive(tcp4(data), inputHook);
    arrive(ip6(6, tcpSegment(data)));
    expect(events).toHaveLength(5);
  });

  it("forgets held segments one by one: nothing stays when all are answered", () => {
    const { inspector, events, arrive, answer, pass } = setUp();
    for (let i = 0; i < 100; i++) arrive(tcp4({ ...data, sequence: 1000 + i * 10 }));
    for (const event of [...events].reverse()) answer(event);
    pass(100);
    for (let i = 0; i < 100; i++) arrive(tcp4({ ...data, sequence: 1000 + i * 10 }));
    expect(events).toHaveLength(200);
    expect(inspector.report().details["retransmissions dropped"]).toBe(0);
  });

  it("counts directions, versions and what the kernel dropped", () => {
    const { inspector, arrive } = setUp();
    arrive(tcp4(data));
    arrive(tcp4(data), inputHook);
    arrive(ip6(6, tcpSegment(data)), inputHook);
    expect(inspector.report().details).toMatchObject({
      output: 1,
      input: 2,
      IPv4: 2,
      IPv6: 1,
      "dropped by the kernel": 3,
    });
  });

  it("survives packets that are none", () => {
    const { events, arrive } = setUp();
    for (const packet of [
      Buffer.alloc(0),
      Buffer.from([0x45]),
      Buffer.from([0x60, 0, 0]),
      Buffer.alloc(3, 0xff),
    ])
      arrive(packet);
    expect(events).toHaveLength(4);
    for (const event of events)
      expect(JSON.parse(JSON.stringify(event)).option.src_entity).toBe("_namazu_unknown_entity");
  });

  it("detaches once", async () => {
    const { inspector, detached } = setUp();
    await Promise.all([inspector.stop(), inspector.stop()]);
    await inspector.stop();
    expect(detached()).toBe(1);
  });
});
