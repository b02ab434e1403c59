import { describe, expect, it } from "vitest";
import {
  choosePackets,
  describePackets,
  type PacketFilter,
} from "../../../src/standalone/ethernet/packet-filter.js";

const nothing: PacketFilter = {
  uidOwner: undefined,
  protocols: [],
  ports: [],
  sourcePorts: [],
  destinationPorts: [],
  directions: [],
};
const config = {
  driver: "netlink",
  directions: ["output", "input"],
  match: [{ protocol: ["udp"], ports: [] }],
} as const;
const port = { from: 80, to: 80 };

describe("choosePackets", () => {
  it("takes the config's choice where no flag chooses", () => {
    expect(choosePackets(nothing, config)).toEqual({ directions: ["output", "input"], match: config.match });
  });

  it("replaces the config's choice by the flags', and keeps its directions", () => {
    expect(choosePackets({ ...nothing, protocols: ["tcp"], ports: [port] }, config)).toEqual({
      directions: ["output", "input"],
      match: [{ protocol: ["tcp"], ports: [port], sourcePorts: [], destinationPorts: [] }],
    });
  });

  it("looks for an owner where packets have one", () => {
    expect(choosePackets({ ...nothing, uidOwner: "1000" }, config).directions).toEqual(["output"]);
    expect(() => choosePackets({ ...nothing, uidOwner: "1000", directions: ["input"] }, config)).toThrow(
      "has no owner",
    );
  });

  it("refuses ports of what has none", () => {
    expect(() => choosePackets({ ...nothing, protocols: ["icmp"], sourcePorts: [port] }, config)).toThrow(
      "icmp has no ports",
    );
  });
});

describe("describePackets", () => {
  it("says what is caught", () => {
    expect(describePackets({ directions: ["output"], match: [] })).toBe("every packet, output");
    const filter: PacketFilter = {
      ...nothing,
      uidOwner: "web",
      protocols: ["tcp"],
      destinationPorts: [port, { from: 1, to: 9 }],
    };
    expect(describePackets(choosePackets(filter, config))).toBe(
      "packets of tcp, destination port 80/1-9, user web, output",
    );
  });
});
