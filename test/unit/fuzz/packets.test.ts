import fc from "fast-check";
import { describe, expect } from "vitest";
import { CapturedPacket } from "../../../src/inspector/ethernet/captured-packet.js";
import { RecentFlows } from "../../../src/inspector/ethernet/flow-names.js";
import { HeldSegments, type Segment } from "../../../src/inspector/ethernet/held-segments.js";
import { readPacketHeader } from "../../../src/inspector/ethernet/packet-header.js";
import { packetHint } from "../../../src/inspector/ethernet/packet-hint.js";
import { ip4, ip6, tcp4, tcpSegment, udp } from "../inspector/ethernet/packet-builder.js";
import { SteppingClock } from "../util/stepping-clock.js";
import { damagedBytes } from "./damage.js";
import { fuzz } from "./fuzz.js";

const fragment = (offset: number) => Buffer.from([0, 0, offset >> 8, offset & 0xff, 0, 0, 0, 1]);
const hopByHop = Buffer.alloc(16);
hopByHop[1] = 1;

const packets: readonly Uint8Array[] = [
  tcp4({ payload: "GET / HTTP/1.1\r\n\r\n" }),
  tcp4({ flags: 2, optionBytes: 20 }),
  tcp4({ sourcePort: 53, destinationPort: 40000, payload: "\0\x10abcdefgh" }),
  tcp4({ source: "127.0.0.1", destination: "127.0.0.1", flags: 17 }),
  tcp4({ flags: 4, optionBytes: 0 }),
  ip4(17, udp(40000, 53, "id and a question")),
  ip4(17, udp(67, 68)),
  ip4(1, Buffer.from("0800abcd00010001aaaaaaaa", "hex")),
  ip4(132, Buffer.alloc(40, 1)),
  ip4(6, tcpSegment(), { fragmentOffset: 0x2000 }),
  ip4(6, tcpSegment(), { fragmentOffset: 7 }),
  ip4(47, Buffer.alloc(24)),
  ip6(6, tcpSegment({ payload: "over six" })),
  ip6(17, udp(546, 547, "solicit")),
  ip6(58, Buffer.from("87000000".padEnd(48, "0"), "hex"), {
    destination: "ff0200000000000000000001ff000003",
  }),
  ip6(6, tcpSegment(), {
    extensions: [
      { type: 0, bytes: hopByHop },
      { type: 44, bytes: fragment(1) },
    ],
  }),
  ip6(6, tcpSegment(), { extensions: [{ type: 44, bytes: fragment(0x100) }] }),
  ip6(50, Buffer.alloc(20), {
    extensions: [
      { type: 60, bytes: Buffer.alloc(8) },
      { type: 51, bytes: Buffer.alloc(8) },
    ],
  }),
  ip4(17, udp(1, 2, Buffer.alloc(65_000, 0x61))),
];

/** A packet as the kernel leaves it: somewhere in a buffer that holds other things too. */
function placed(packet: Uint8Array, start: number): { memory: Uint8Array; start: number; end: number } {
  const memory = new Uint8Array(start + packet.length + 8).fill(0xee);
  memory.set(packet, start);
  return { memory, start, end: start + packet.length };
}

/** All of memory that may be looked at; a look elsewhere throws. */
function guarded(memory: Uint8Array, start: number, end: number): Uint8Array {
  return new Proxy(memory, {
    get(target, key) {
      const index = typeof key === "string" ? Number(key) : Number.NaN;
      if (Number.isInteger(index) && (index < start || index >= end)) {
        throw new Error(`looked at ${index}, the packet is [${start}, ${end})`);
      }
      const value = Reflect.get(target, key) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("Packets", () => {
  fuzz(
    "IP and transport headers",
    150_000,
    fc.tuple(damagedBytes(packets), fc.nat(15)),
    ([packet, offset]) => {
      const { memory, start, end } = placed(packet, offset);
      const header = readPacketHeader(memory, start, end);
      const { payloadStart, payloadEnd, transport, sourcePort, destinationPort, source } = header;
      const inside = (at: number) => at >= start && at <= end;
      if (!inside(payloadStart) || !inside(payloadEnd))
        throw new Error(`payload ${payloadStart}–${payloadEnd}`);
      if (payloadStart > payloadEnd) throw new Error(`a payload of ${payloadEnd - payloadStart} bytes`);
      if (transport !== -1 && !inside(transport)) throw new Error(`transport at ${transport}`);
      if (sourcePort < -1 || sourcePort > 65_535 || destinationPort < -1)
        throw new Error(`port ${sourcePort}`);
      if (header.version !== 0 && (source < start || source + (header.version === 4 ? 4 : 16) > end)) {
        throw new Error(`source at ${source}`);
      }
      if (header.missingBytes < 0) throw new Error(`${header.missingBytes} bytes missing`);
      const hint = packetHint(memory, header, offset % 2 === 0 ? "output" : "input", 32_768);
      if (/undefined|NaN/.test(hint)) throw new Error(`hint ${hint}`);
    },
  );

  const small = packets.filter(({ length }) => length < 1000);
  fuzz("IP and transport headers, nothing read outside", 20_000, damagedBytes(small, 512), (packet) => {
    const { memory, start, end } = placed(packet, 8);
    const seen = guarded(memory, start, end);
    const header = readPacketHeader(seen, start, end);
    packetHint(seen, header, "input", 32_768);
  });

  fuzz(
    "captured packets",
    100_000,
    fc.tuple(damagedBytes(packets), fc.constantFrom(1, 3), fc.nat(0x1_0010)),
    ([packet, hook, wireLength]) => {
      const { memory, start, end } = placed(packet, 3);
      let retained = 0;
      const context = {
        firstEphemeralPort: 32_768,
        flows: new RecentFlows(),
        onRetained: () => retained++,
      };
      const captured = new CapturedPacket({ id: 1, hook, memory, start, end, wireLength }, context);
      const before = `${captured.srcEntity} ${captured.dstEntity} ${captured.replayHint}`;
      const { segment } = captured;
      captured.retain();
      captured.retain();
      memory.fill(0);
      const after = `${captured.srcEntity} ${captured.dstEntity} ${captured.replayHint}`;
      if (after !== before || retained !== 1) throw new Error(`${before} became ${after}`);
      if (Buffer.compare(captured.bytes, packet) !== 0) throw new Error("other bytes");
      if (/undefined|NaN/.test(before)) throw new Error(before);
      if (
        segment !== undefined &&
        (segment.start >>> 0 !== segment.start || segment.end >>> 0 !== segment.end)
      ) {
        throw new Error(`segment ${segment.start}–${segment.end}`);
      }
    },
  );

  // TCP's window is at most a gigabyte, so the numbers of a flow are near each other, also where they wrap.
  const base = fc.constantFrom(0, 0x7fff_f800, 0x8000_0000, 0xffff_f800);
  const steps = fc.array(
    fc.record({
      what: fc.nat(3),
      flow: fc.constantFrom("a", "b", "__proto__"),
      start: fc.nat(4000),
      length: fc.nat(3000),
    }),
    { maxLength: 12 },
  );
  fuzz("held segments", 30_000, fc.tuple(base, steps), ([origin, list]) => {
    const clock = new SteppingClock();
    const held = new HeldSegments(clock);
    const added: Segment[] = [];
    for (const { what, flow, start, length } of list) {
      const at = (origin + start) >>> 0;
      const segment = { flow, start: at, end: (at + length + 1) >>> 0 };
      if (what === 0 || added.length === 0) {
        added.push(segment);
        held.add(segment);
        if (!held.covers(segment)) throw new Error("what is held is not covered");
      } else if (what === 1) held.forget(added[start % added.length]!);
      else if (what === 2) held.release(added[start % added.length]!);
      else held.covers(segment);
      if (held.size > added.length) throw new Error(`${held.size} held of ${added.length}`);
    }
    for (const segment of added) held.forget(segment);
    expect(held.size).toBe(0);
  });
});
