import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entityName } from "../../../../src/inspector/ethernet/endpoint-name.js";
import { RecentFlows } from "../../../../src/inspector/ethernet/flow-names.js";
import { readPacketHeader } from "../../../../src/inspector/ethernet/packet-header.js";
import { hintEnd, packetHint } from "../../../../src/inspector/ethernet/packet-hint.js";
import { ip4, ip6, tcp4, tcpSegment, udp } from "./packet-builder.js";

const port = fc.constantFrom(53, 80, 81, 40_000, 40_001, 65_535);
const address = fc.constantFrom("127.0.0.1", "10.0.0.2", "10.0.0.3", "10.1.0.2");
const packet = fc.oneof(
  fc
    .record({ source: address, destination: address, sourcePort: port, destinationPort: port })
    .map((fields) => tcp4(fields)),
  fc.tuple(port, port).map(([from, to]) => ip4(17, udp(from, to, "payload"))),
  fc.tuple(port, port).map(([from, to]) => ip6(17, udp(from, to, "payload"))),
  fc.constant(ip6(6, tcpSegment())),
  fc.constant(ip6(6, tcpSegment(), { destination: "ff0200000000000000000001ff000003" })),
  fc.constant(ip4(1, Buffer.from("0800abcd00010001", "hex"))),
  fc.constant(Buffer.from("no packet at all")),
);

describe("RecentFlows", () => {
  it("names each packet as if it had never seen another", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(packet, fc.constantFrom(1, 3)), { minLength: 2, maxLength: 40 }),
        (packets) => {
          const flows = new RecentFlows();
          for (const [bytes, hook] of [...packets, ...packets]) {
            const header = readPacketHeader(bytes, 0, bytes.length);
            const names = flows.namesOf(bytes, header, hook, 32_768);
            expect([names.srcEntity, names.dstEntity, names.hintStart + hintEnd(bytes, header)]).toEqual([
              entityName(bytes, header, "source"),
              entityName(bytes, header, "destination"),
              packetHint(bytes, header, hook === 3 ? "output" : "input", 32_768),
            ]);
          }
        },
      ),
    );
  });
});
