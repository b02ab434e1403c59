import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corruptPacket } from "../../../../src/inspector/ethernet/corrupt-packet.js";
import { cutSegment } from "../../../../src/inspector/ethernet/cut-segment.js";
import { writeChecksum } from "../../../../src/inspector/ethernet/packet-checksum.js";
import { readPacketHeader } from "../../../../src/inspector/ethernet/packet-header.js";
import { refusingPacket } from "../../../../src/inspector/ethernet/refusing-packet.js";
import { ack, fin, ip4, ip6, rst, syn, tcp4, tcpSegment, udp } from "./packet-builder.js";

/** RFC 1071 as its reader does it: all 16-bit words with the checksum among them come to 0xffff. */
function isChecksumRight(packet: Buffer): boolean {
  const { version, protocol, transport, payloadEnd, source } = readPacketHeader(packet, 0, packet.length);
  const segment = packet.subarray(transport, payloadEnd);
  const addresses = packet.subarray(source, source + (version === 4 ? 8 : 32));
  const pseudo =
    protocol === 1 ? [] : [addresses, Buffer.from([0, protocol, segment.length >> 8, segment.length & 255])];
  const bytes = Buffer.concat([...pseudo, segment, Buffer.alloc(segment.length % 2)]);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

const packets = {
  "TCP over IPv4": (payload: string) => tcp4({ payload }),
  "TCP over IPv6": (payload: string) => ip6(6, tcpSegment({ payload })),
  "UDP over IPv4": (payload: string) => ip4(17, udp(1, 2, payload)),
  "UDP over IPv6": (payload: string) => ip6(17, udp(1, 2, payload)),
  ICMP: (payload: string) =>
    ip4(1, Buffer.concat([Buffer.from([8, 0, 0, 0, 0, 1, 0, 1]), Buffer.from(payload)])),
  ICMPv6: (payload: string) =>
    ip6(58, Buffer.concat([Buffer.from([128, 0, 0, 0, 0, 1, 0, 1]), Buffer.from(payload)])),
};

describe.each(Object.entries(packets))("corruptPacket: %s", (_, build) => {
  it("flips the bits that were asked for, and writes the checksum that was", () => {
    const fault = fc.record({
      kind: fc.constant("corrupt" as const),
      place: fc.double({ min: 0, max: 0.999, noNaN: true }),
      bits: fc.integer({ min: 1, max: 20 }),
      checksum: fc.constantFrom("right" as const, "wrong" as const),
    });
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "binary-ascii" }), fault, (payload, fault) => {
        const before = build(payload);
        const packet = Buffer.from(before);
        expect(corruptPacket(packet, fault)).toBeUndefined();
        expect(isChecksumRight(packet)).toBe(fault.checksum === "right");
        let flipped = 0;
        for (let i = before.length - payload.length; i < before.length; i++) {
          for (let bits = before[i]! ^ packet[i]!; bits > 0; bits >>= 1) flipped += bits & 1;
        }
        expect(flipped).toBe(Math.min(fault.bits, payload.length * 8));
      }),
    );
  });
});

describe("corruptPacket", () => {
  const fault = { kind: "corrupt", place: 0, bits: 1, checksum: "right" } as const;

  it.each([
    ["a packet without payload", tcp4()],
    ["a protocol without a known checksum, or a fragment", ip4(132, Buffer.alloc(40))],
    [
      "a protocol without a known checksum, or a fragment",
      ip4(17, udp(1, 2, "x"), { fragmentOffset: 0x2000 }),
    ],
  ])("leaves %s as it is", (why, packet) => {
    const before = Buffer.from(packet);
    expect(corruptPacket(packet, fault)).toBe(why);
    expect(packet).toEqual(before);
  });
});

describe("cutSegment", () => {
  it("cuts a segment into pieces that carry the same", () => {
    const payload = "0123456789".repeat(400);
    const pieces = cutSegment(tcp4({ payload, sequence: 0xffffff00, flags: ack | fin }))!;
    expect(pieces.length).toBeGreaterThan(3);
    let next = 0xffffff00;
    let text = "";
    for (const piece of pieces) {
      const header = readPacketHeader(piece, 0, piece.length);
      expect(piece.length).toBeLessThanOrEqual(1280);
      expect(isChecksumRight(piece)).toBe(true);
      expect(header.tcpSequence).toBe(next);
      expect((header.tcpFlags & fin) !== 0).toBe(piece === pieces.at(-1));
      const content = piece.toString("latin1", header.payloadStart, header.payloadEnd);
      text += content;
      next = (next + content.length) >>> 0;
    }
    expect(text).toBe(payload);
  });

  it("cuts nothing but data of TCP", () => {
    expect(cutSegment(tcp4())).toBeUndefined();
    expect(cutSegment(ip4(17, udp(1, 2, "x")))).toBeUndefined();
  });
});

describe("refusingPacket", () => {
  it("acknowledges a SYN with a reset", () => {
    const answer = refusingPacket(tcp4({ flags: syn, sequence: 0xffffffff })) as Buffer;
    expect(isChecksumRight(answer)).toBe(true);
    expect(answer.subarray(12, 20)).toEqual(Buffer.from([10, 0, 0, 3, 10, 0, 0, 2]));
    expect(answer.readUInt16BE(20)).toBe(80);
    expect(answer.readUInt16BE(22)).toBe(40000);
    expect(answer.readUInt32BE(28)).toBe(0);
    expect(answer[33]).toBe(rst | ack);
  });

  it("resets a connection at the number that its sender waits for", () => {
    const answer = refusingPacket(ip6(6, tcpSegment({ acknowledgement: 77, payload: "x" }))) as Buffer;
    expect(isChecksumRight(answer)).toBe(true);
    expect(answer.readUInt32BE(44)).toBe(77);
    expect(answer[53]).toBe(rst);
  });

  it("says that a port is unreachable, with the datagram that found out", () => {
    const v4 = ip4(17, udp(1, 2, "x"));
    const answer = refusingPacket(v4) as Buffer;
    expect([answer[9], answer[20], answer[21]]).toEqual([1, 3, 3]);
    expect(answer.subarray(28)).toEqual(v4);
    expect(isChecksumRight(answer)).toBe(true);
    const v6 = ip6(17, udp(1, 2, "x".repeat(2000)));
    const answer6 = refusingPacket(v6) as Buffer;
    expect([answer6[6], answer6[40], answer6[41]]).toEqual([58, 1, 4]);
    expect(answer6).toHaveLength(1280);
    expect(isChecksumRight(answer6)).toBe(true);
  });

  it.each([
    ["a reset", tcp4({ flags: rst })],
    ["a packet for many receivers", ip4(17, udp(1, 2), { destination: "224.0.0.1" })],
    ["an ICMP message that is no echo request", ip4(1, Buffer.from([3, 3, 0, 0, 0, 0, 0, 0]))],
    ["no IP packet, or a fragment", Buffer.from("nonsense")],
  ])("answers nothing to %s", (why, packet) => {
    expect(refusingPacket(packet)).toBe(why);
  });
});

describe("writeChecksum", () => {
  it("never writes 0 to UDP, where it means that there is none", () => {
    for (let i = 0; i < 0x10000; i++) {
      const packet = ip4(17, udp(1, i));
      const header = readPacketHeader(packet, 0, packet.length);
      for (const kind of ["right", "wrong"] as const) {
        writeChecksum(packet, header, kind);
        if (packet.readUInt16BE(26) === 0) expect.fail(`port ${i}, ${kind}`);
        if (isChecksumRight(packet) !== (kind === "right")) expect.fail(`port ${i} is not ${kind}`);
      }
    }
  });
});
