import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capabilityBits, parseEffectiveCapabilities } from "../../../../runtime/kernel/capabilities/index.js";

describe("parseEffectiveCapabilities", () => {
  it("gives exactly the capabilities whose bits are set", () => {
    const names = Object.keys(capabilityBits) as (keyof typeof capabilityBits)[];
    fc.assert(
      fc.property(fc.subarray(names), (held) => {
        const mask = held.reduce((bits, name) => bits | (1n << BigInt(capabilityBits[name])), 1n << 40n);
        const status = `Name:\tx\nCapPrm:\tffffffffffffffff\nCapEff:\t${mask.toString(16).padStart(16, "0")}\n`;
        expect([...parseEffectiveCapabilities(status)].sort()).toEqual([...held].sort());
      }),
    );
  });

  it("gives none when there is no such line", () => {
    expect(parseEffectiveCapabilities("Name:\tx\n").size).toBe(0);
  });
});
