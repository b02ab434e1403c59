import { describe, expect, it } from "vitest";
import { readPacketHeader } from "../../../../src/inspector/ethernet/packet-header.js";
import { type Direction, packetHint } from "../../../../src/inspector/ethernet/packet-hint.js";
import { ack, fin, ip4, ip6, rst, syn, tcp4, udp } from "./packet-builder.js";

const hint = (packet: Buffer, direction: Direction = "output") =>
  packetHint(packet, readPacketHeader(packet, 0, packet.length), direction, 32768);

describe("packetHint", () => {
  it("holds protocol, direction, the far end and what kind of segment it is", () => {
    expect(hint(tcp4({ flags: syn }))).toBe("tcp:output:local>10.0.0.3:80:syn");
    expect(hint(tcp4({ flags: ack }))).toBe("tcp:output:local>10.0.0.3:80:ack");
    expect(hint(tcp4({ flags: ack | fin }))).toBe("tcp:output:local>10.0.0.3:80:fin");
    expect(hint(tcp4({ flags: rst }))).toBe("tcp:output:local>10.0.0.3:80:rst");
    expect(hint(tcp4({ flags: ack, payload: "x" }))).toMatch(
      /^tcp:output:local>10\.0\.0\.3:80:data:[0-9a-f]{16}$/,
    );
  });

  it("does not depend on ephemeral port, sequence, acknowledgement, IP id, options or the own address", () => {
    const one = tcp4({ payload: "GET /", sourcePort: 40001, sequence: 1, ipId: 1, source: "172.17.0.2" });
    const other = tcp4({
      payload: "GET /",
      sourcePort: 59999,
      sequence: 99,
      acknowledgement: 5,
      ipId: 2,
      source: "172.17.0.9",
      optionBytes: 0,
    });
    expect(hint(one)).toBe(hint(other));
  });

  it("depends on payload, peer, port and direction", () => {
    const base = tcp4({ payload: "a" });
    const others = [
      hint(tcp4({ payload: "b" })),
      hint(tcp4({ payload: "a", destination: "10.0.0.4" })),
      hint(tcp4({ payload: "a", destinationPort: 81 })),
      hint(base, "input"),
    ];
    expect(others).not.toContain(hint(base));
    expect(new Set(others).size).toBe(others.length);
  });

  it("names the own end local on the way in, too", () => {
    expect(hint(tcp4({ sourcePort: 80, destinationPort: 40000, flags: syn | ack }), "input")).toBe(
      "tcp:input:10.0.0.2:80>local:syn",
    );
  });

  it("keeps both ports when both are fixed and none when both are ephemeral", () => {
    expect(hint(ip4(17, udp(123, 123)))).toContain("local:123>10.0.0.3:123");
    expect(hint(ip4(17, udp(50000, 60000)))).toContain("local>10.0.0.3:");
    expect(hint(ip4(17, udp(50000, 60000)))).not.toMatch(/[56]0000/);
  });

  it("keeps loopback as it is", () => {
    const packet = tcp4({ source: "127.0.0.1", destination: "127.0.0.1", flags: syn });
    expect(hint(packet)).toBe("tcp:output:127.0.0.1>127.0.0.1:80:syn");
  });

  it("passes over the id of a DNS message, which is drawn by chance", () => {
    const query = (id: number) => ip4(17, udp(40000, 53, Buffer.from([id >> 8, id & 255, 1, 0, 0, 1])));
    expect(hint(query(0x1234))).toBe(hint(query(0xabcd)));
    const other = (id: number) => ip4(17, udp(40000, 54, Buffer.from([id >> 8, id & 255, 1, 0, 0, 1])));
    expect(hint(other(0x1234))).not.toBe(hint(other(0xabcd)));
  });

  it("passes over what ping puts into its payload", () => {
    const echo = (time: number) => ip4(1, Buffer.from([8, 0, time, time, time, time, 0, 1, time, time]));
    expect(hint(echo(1))).toBe("icmp:output:local>10.0.0.3:8/0:2");
    expect(hint(echo(2))).toBe(hint(echo(1)));
  });

  it("passes over addresses that are made of somebody's own", () => {
    const to = (destination: string) =>
      hint(ip6(58, Buffer.from([135, 0, 0, 0, 0, 0, 0, 0]), { destination }));
    expect(to("ff0200000000000000000001ff123456")).toBe(to("ff0200000000000000000001ffabcdef"));
    expect(to("fe8000000000000042acfffe11000203")).toBe("icmpv6:output:local>link-local:135/0:0");
  });

  it("has a word for what is no IP packet", () => {
    expect(hint(Buffer.from([1, 2, 3]))).toMatch(/^unknown:output:[0-9a-f]{16}$/);
  });
});
