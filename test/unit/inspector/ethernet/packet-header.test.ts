import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPacketHeader } from "../../../../src/inspector/ethernet/packet-header.js";
import { ack, ip4, ip6, syn, tcp4, tcpSegment, udp } from "./packet-builder.js";

const read = (packet: Buffer) => readPacketHeader(packet, 0, packet.length);

describe("readPacketHeader", () => {
  it("finds ports, flags, sequence and payload of IPv4/TCP behind options", () => {
    const packet = tcp4({
      sourcePort: 1234,
      destinationPort: 80,
      sequence: 0xfffffff0,
      flags: syn | ack,
      payload: "hey",
    });
    const header = read(packet);
    expect(header).toMatchObject({
      version: 4,
      protocol: 6,
      sourcePort: 1234,
      destinationPort: 80,
      tcpFlags: 18,
      tcpSequence: 0xfffffff0,
    });
    expect(packet.subarray(header.payloadStart, header.payloadEnd).toString()).toBe("hey");
  });

  it("leaves out the padding behind a short packet", () => {
    const header = read(Buffer.concat([tcp4({ payload: "" }), Buffer.alloc(6)]));
    expect(header.payloadEnd - header.payloadStart).toBe(0);
  });

  it("walks through IPv6 extension headers", () => {
    const packet = ip6(17, udp(5000, 6000, "x"), {
      extensions: [
        { type: 0, bytes: Buffer.alloc(8) },
        { type: 60, bytes: Buffer.from([0, 1, ...new Array(14).fill(0)]) },
        { type: 44, bytes: Buffer.alloc(8) },
        { type: 51, bytes: Buffer.from([0, 1, ...new Array(10).fill(0)]) },
      ],
    });
    expect(read(packet)).toMatchObject({ version: 6, protocol: 17, sourcePort: 5000, destinationPort: 6000 });
  });

  it("gives no ports to a later fragment", () => {
    const v4 = ip4(17, udp(5000, 6000, "x"), { fragmentOffset: 100 });
    const v6 = ip6(17, udp(5000, 6000), {
      extensions: [{ type: 44, bytes: Buffer.from([0, 0, 4, 1, 0, 0, 0, 0]) }],
    });
    expect(read(v4)).toMatchObject({ protocol: 17, sourcePort: -1, transport: -1 });
    expect(read(v6)).toMatchObject({ protocol: 17, sourcePort: -1, transport: -1 });
  });

  it("says how much of a cut packet is missing", () => {
    const packet = tcp4({ payload: "0123456789" });
    expect(readPacketHeader(packet, 0, packet.length - 4).missingBytes).toBe(4);
    const v6 = ip6(6, tcpSegment({ payload: "0123456789" }));
    expect(readPacketHeader(v6, 0, v6.length - 3).missingBytes).toBe(3);
  });

  it("knows a segment of more than 64 KiB, whose length field is 0", () => {
    const packet = tcp4({ payload: "x".repeat(100) });
    packet.writeUInt16BE(0, 2);
    const header = read(packet);
    expect(header.payloadEnd - header.payloadStart).toBe(100);
  });

  it("never throws and never points outside, whatever the bytes", () => {
    const real = fc.constantFrom(
      tcp4({ payload: "abc" }),
      ip6(6, tcpSegment()),
      ip4(1, Buffer.from([8, 0, 0, 0])),
    );
    const damaged = fc
      .tuple(real, fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { maxLength: 6 }), fc.nat(90))
      .map(([packet, flips, length]) => {
        const copy = Buffer.from(packet);
        for (const [at, value] of flips) copy[at % copy.length] = value;
        return copy.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 120 })), (bytes) => {
        const memory = Buffer.concat([Buffer.alloc(3, 0x45), bytes, Buffer.alloc(3, 0x45)]);
        const end = 3 + bytes.length;
        const header = readPacketHeader(memory, 3, end);
        expect(header.payloadStart).toBeGreaterThanOrEqual(3);
        expect(header.payloadEnd).toBeLessThanOrEqual(end);
        expect(header.payloadStart).toBeLessThanOrEqual(header.payloadEnd);
        if (header.transport >= 0) expect(header.transport).toBeLessThanOrEqual(end);
      }),
      { numRuns: 2000 },
    );
  });
});
