import { isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressText, entityName } from "../../../../src/inspector/ethernet/endpoint-name.js";
import { readPacketHeader } from "../../../../src/inspector/ethernet/packet-header.js";
import { ip4, ip6, tcp4, tcpSegment, udp } from "./packet-builder.js";

const ends = (packet: Buffer) => {
  const header = readPacketHeader(packet, 0, packet.length);
  return [entityName(packet, header, "source"), entityName(packet, header, "destination")];
};

describe("entityName", () => {
  it("is Namazu's for IPv4/TCP", () => {
    expect(ends(tcp4({ sourcePort: 40000, destinationPort: 80 }))).toEqual([
      "entity-10.0.0.2:40000",
      "entity-10.0.0.3:80",
    ]);
  });

  it("names UDP alike", () => {
    expect(ends(ip4(17, udp(53, 40000)))).toEqual(["entity-10.0.0.2:53", "entity-10.0.0.3:40000"]);
  });

  it("puts an IPv6 address with a port in brackets", () => {
    expect(ends(ip6(6, tcpSegment()))).toEqual(["entity-[2001:db8::2]:40000", "entity-[2001:db8::3]:80"]);
  });

  it("leaves the port out where there is none", () => {
    expect(ends(ip4(1, Buffer.from([8, 0, 0, 0])))).toEqual(["entity-10.0.0.2", "entity-10.0.0.3"]);
    expect(ends(ip6(58, Buffer.from([128, 0, 0, 0])))).toEqual(["entity-2001:db8::2", "entity-2001:db8::3"]);
  });

  it("is Namazu's word for the unknown where there is no IP packet", () => {
    expect(ends(Buffer.from("garbage"))).toEqual(["_namazu_unknown_entity", "_namazu_unknown_entity"]);
  });
});

describe("addressText", () => {
  it.each([
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["fe800000000000000000000000000001", "fe80::1"],
    ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
    ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
    ["20010db80001000100010001abcd0000", "2001:db8:1:1:1:1:abcd:0"],
    ["00010000000000000000000000000000", "1::"],
  ])("shortens %s to %s (RFC 5952)", (hex, text) => {
    expect(addressText(Buffer.from(hex, "hex"), 6, 0)).toBe(text);
  });

  it("writes IPv6 addresses that Node reads back as the same", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 0, 1, 0xab, 0xff), { minLength: 16, maxLength: 16 }),
        (bytes) => {
          const text = addressText(Uint8Array.from(bytes), 6, 0);
          expect(isIPv6(text)).toBe(true);
          expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
        },
      ),
    );
  });
});
