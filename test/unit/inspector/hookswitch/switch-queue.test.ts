import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputHook, outputHook, type QueuedPacket } from "../../../../runtime/kernel/index.js";
import { EthernetInspector } from "../../../../src/inspector/ethernet/index.js";
import { SwitchQueue } from "../../../../src/inspector/hookswitch/switch-queue.js";
import {
  type Event,
  eventFromJson,
  type PacketEvent,
  PacketFaultAction,
} from "../../../../src/signal/index.js";
import { ip6, tcp4, tcpSegment } from "../ethernet/packet-builder.js";
import { frame, label } from "./frames.js";

/** The ethernet inspector over the queue, its events held until the test answers, and all that the switch is told. */
function setUp(maxWaiting = 100) {
  const answers: string[] = [];
  const errors: unknown[] = [];
  const events: PacketEvent[] = [];
  const transceiver = {
    send: (event: Event) => {
      event.retain();
      events.push(event as PacketEvent);
    },
  };
  const inspector = new EthernetInspector("entity", transceiver, (error) => errors.push(error));
  const queue = new SwitchQueue({
    handler: inspector,
    answer: (text) => answers.push(text),
    maxWaiting,
    close: async () => {},
  });
  inspector.attached({ queue, firstEphemeralPort: 32768, details: {}, detach: () => queue.close() });
  return { inspector, queue, answers, errors, events };
}

/** The hint that the same packet has when NFQUEUE takes it. */
function nfqueueHint(packet: Buffer, hook = outputHook): string {
  const hints: string[] = [];
  const send = (event: Event) => void hints.push(event.replayHint);
  const inspector = new EthernetInspector("entity", { send }, () => {});
  const queued: QueuedPacket = {
    id: 1,
    hook,
    memory: packet,
    start: 0,
    end: packet.length,
    wireLength: packet.length,
  };
  inspector.onPacket(queued);
  return hints[0]!;
}

describe("SwitchQueue", () => {
  it("answers a frame with its id, all other keys that came, and what the action says", () => {
    const { queue, events, inspector, answers } = setUp();
    queue.onMessage([label(7, { dpid: "a" }), frame(tcp4({ payload: "one" }))]);
    queue.onMessage([Buffer.from('{"id": 8}'), frame(tcp4({ payload: "two", sequence: 2000 }))]);
    inspector.deliver(events[1]!, new PacketFaultAction(events[1]!));
    inspector.deliver(events[0]!, events[0]!.defaultAction());
    expect(answers.map((text) => JSON.parse(text))).toEqual([
      { id: 8, op: "drop" },
      { id: 7, op: "accept", dpid: "a" },
    ]);
    expect(inspector.report()).toMatchObject({ events: 2, faults: { drop: 1 } });
  });

  it("gives packets the names and hints that they have with NFQUEUE, behind VLAN tags too", () => {
    const v4 = tcp4({ payload: "GET /" });
    const v6 = ip6(6, tcpSegment({ payload: "GET /" }));
    const { queue, events } = setUp();
    queue.onMessage([label(1), frame(v4)]);
    queue.onMessage([label(2), frame(v6, 0x86dd)]);
    queue.onMessage([label(3), frame(tcp4({ payload: "GET /", sequence: 5000 }), 0x0800, [0x88a8, 0x8100])]);
    expect(events.map((event) => event.replayHint)).toEqual([
      nfqueueHint(v4),
      nfqueueHint(v6),
      nfqueueHint(v4),
    ]);
    expect(nfqueueHint(v4)).not.toBe(nfqueueHint(v4, inputHook));
    expect(events.map(({ option }) => option["src_entity"])).toEqual([
      "entity-10.0.0.2:40000",
      "entity-[2001:db8::2]:40000",
      "entity-10.0.0.2:40000",
    ]);
    expect(Buffer.from(events[0]!.source.bytes).equals(v4)).toBe(true);
  });

  it("sends the frame as it is, which the other end of a wire finds the packet in", () => {
    const { queue, events } = setUp();
    const tagged = frame(tcp4({ payload: "x" }), 0x0800, [0x8100]);
    queue.onMessage([label(1), tagged]);
    expect(events[0]!.option["bytes"]).toBe(tagged.toString("base64"));
    const received = eventFromJson(JSON.parse(JSON.stringify(events[0]))) as PacketEvent;
    expect(Buffer.from(received.source.bytes).equals(tcp4({ payload: "x" }))).toBe(true);
    expect(received.replayHint).toBe(events[0]!.replayHint);
  });

  it("makes an event of what is no IP packet, by the name that Namazu has for it and a hint without addresses", () => {
    const { queue, events } = setUp();
    queue.onMessage([label(1), frame(Buffer.from("arp of one card"), 0x0806)]);
    queue.onMessage([label(2), frame(Buffer.from("arp of another"), 0x0806)]);
    queue.onMessage([label(3), Buffer.from("short")]);
    queue.onMessage([label(4), Buffer.alloc(0)]);
    expect(events.map(({ option }) => [option["src_entity"], option["dst_entity"]])).toEqual(
      Array(4).fill(["_namazu_unknown_entity", "_namazu_unknown_entity"]),
    );
    expect(new Set(events.map(({ replayHint }) => replayHint)).size).toBe(1);
  });

  it("drops a segment that is sent again while its first copy is held", () => {
    const { queue, answers, events } = setUp();
    queue.onMessage([label(1), frame(tcp4({ payload: "data" }))]);
    queue.onMessage([label(2), frame(tcp4({ payload: "data" }))]);
    expect(events).toHaveLength(1);
    expect(answers.map((text) => JSON.parse(text))).toEqual([{ id: 2, op: "drop" }]);
  });

  it("skips what is no message of HookSwitch's, and warns of each kind once", () => {
    const { queue, answers, errors } = setUp();
    for (let i = 0; i < 3; i++) {
      queue.onMessage([label(1)]);
      queue.onMessage([label(1), Buffer.alloc(0), Buffer.alloc(0)]);
      queue.onMessage([]);
      for (const text of ["", "{", "[]", "7", "null", "{}", '{"id":"7"}', '{"id":1.5}', '{"id":1e300}']) {
        queue.onMessage([Buffer.from(text), frame(tcp4())]);
      }
    }
    expect(errors.map(String)).toEqual([
      "Error: HookSwitch: a message of 1 parts is skipped: HookSwitch sends two",
      "Error: HookSwitch: a message of 3 parts is skipped: HookSwitch sends two",
      "Error: HookSwitch: a message of 0 parts is skipped: HookSwitch sends two",
      expect.stringContaining("whose first part cannot be read is skipped"),
    ]);
    expect(queue.strange).toBe(36);
    expect(answers).toEqual([]);
  });

  it("accepts what is held when it is closed, once, and all that still comes", async () => {
    const { inspector, queue, events, answers } = setUp();
    queue.onMessage([label(1), frame(tcp4({ payload: "a" }))]);
    await inspector.stop();
    inspector.deliver(events[0]!, new PacketFaultAction(events[0]!));
    queue.onMessage([label(2), frame(tcp4({ payload: "b", sequence: 9000 }))]);
    expect(answers.map((text) => JSON.parse(text))).toEqual([
      { id: 1, op: "accept" },
      { id: 2, op: "accept" },
    ]);
  });

  it("accepts unseen what comes while as many wait as may", () => {
    const { queue, events, answers } = setUp(2);
    for (const id of [1, 2, 3])
      queue.onMessage([label(id), frame(tcp4({ payload: "a", sequence: 100 * id }))]);
    expect(events).toHaveLength(2);
    expect(answers.map((text) => JSON.parse(text))).toEqual([{ id: 3, op: "accept" }]);
    expect(queue.statistics()).toMatchObject({ received: 2, undelivered: 1 });
  });

  it("answers nothing that went away with its switch, and keeps ids of a new one apart", () => {
    const { inspector, queue, events, answers } = setUp();
    queue.onMessage([label(0), frame(tcp4({ payload: "a" }))]);
    queue.forgetAll();
    queue.onMessage([label(0), frame(tcp4({ payload: "b", sequence: 9000 }))]);
    inspector.deliver(events[0]!, new PacketFaultAction(events[0]!));
    expect(answers).toEqual([]);
    inspector.deliver(events[1]!, events[1]!.defaultAction());
    expect(answers.map((text) => JSON.parse(text))).toEqual([{ id: 0, op: "accept" }]);
  });

  it("survives any message, and answers each that has a label", () => {
    const { queue, events, inspector, answers } = setUp(Number.POSITIVE_INFINITY);
    let labelled = 0;
    const part = fc.uint8Array({ maxLength: 80 });
    fc.assert(
      fc.property(fc.oneof(part, fc.nat().map(label)), part, (head, bytes) => {
        const isLabel = isSafeLabel(head);
        if (isLabel) labelled += 1;
        queue.onMessage([head, bytes]);
        for (const event of events.splice(0)) {
          JSON.stringify(event);
          inspector.deliver(event, event.defaultAction());
        }
      }),
      { numRuns: 2000 },
    );
    expect(answers).toHaveLength(labelled);
  });
});

function isSafeLabel(head: Uint8Array): boolean {
  try {
    return Number.isSafeInteger(JSON.parse(Buffer.from(head).toString()).id);
  } catch {
    return false;
  }
}
