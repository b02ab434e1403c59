import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingUlimits } from "../../../runtime/engine/podman-limits.js";

const mayRaise = (): boolean => {
  const bits = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return ((BigInt(`0x${bits}`) >> 24n) & 1n) === 1n;
};

describe("missingUlimits", () => {
  it("adds nothing where limits may be raised, else no more than this process has", () => {
    const added = missingUlimits([], "self");
    const mostPids = Number(readFileSync("/proc/sys/kernel/pid_max", "utf8"));
    if (mayRaise()) expect(added).toEqual([]);
    for (const { Name, Soft, Hard } of added) {
      expect(["nofile", "nproc"]).toContain(Name);
      expect(Soft).toBe(Hard);
      if (Name === "nproc") expect(Hard).toBeLessThanOrEqual(mostPids);
    }
  });

  it("leaves what the user gave", () => {
    const given = [
      { Name: "nofile", Soft: 10, Hard: 20 },
      { Name: "nproc", Soft: 5, Hard: 5 },
    ];
    expect(missingUlimits(given, "self")).toEqual([]);
  });
});
