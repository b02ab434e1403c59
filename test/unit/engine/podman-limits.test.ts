import { describe, expect, it } from "vitest";
import { missingUlimits, ownProcTexts, type ProcTexts } from "../../../runtime/engine/podman-limits.js";

const limits = `Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max processes             63432                63432                processes
Max open files            1024                 524288               files
`;
/** Root in a container of Docker's, without CAP_SYS_RESOURCE; then with it. */
const bound: ProcTexts = { status: "Name:\tnode\nCapEff:\t00000000a80425fb\n", limits, mostPids: 4_194_304 };
const free: ProcTexts = { ...bound, status: "Name:\tnode\nCapEff:\t000001ffffffffff\n" };

describe("missingUlimits", () => {
  it("adds nothing where limits may be raised", () => {
    expect(missingUlimits([], free)).toEqual([]);
  });

  it("else adds the hard limits that there are", () => {
    expect(missingUlimits([], bound)).toEqual([
      { Name: "nofile", Soft: 524_288, Hard: 524_288 },
      { Name: "nproc", Soft: 63_432, Hard: 63_432 },
    ]);
  });

  it("adds no more processes than the kernel can number", () => {
    expect(missingUlimits([], { ...bound, mostPids: 32_768 })).toContainEqual({
      Name: "nproc",
      Soft: 32_768,
      Hard: 32_768,
    });
  });

  it("adds nothing for what is unlimited", () => {
    const unlimited = limits.replaceAll(/63432|524288/g, "unlimited");
    expect(missingUlimits([], { ...bound, limits: unlimited })).toEqual([]);
  });

  it("leaves what the user gave", () => {
    const given = [
      { Name: "nofile", Soft: 10, Hard: 20 },
      { Name: "nproc", Soft: 5, Hard: 5 },
    ];
    expect(missingUlimits(given, bound)).toEqual([]);
  });
});

describe("ownProcTexts", () => {
  it("has what is looked for", () => {
    const { status, limits: table, mostPids } = ownProcTexts();
    expect(status).toMatch(/^CapEff:\s*[0-9a-f]+$/m);
    expect(table).toMatch(/^Max open files .*\n/m);
    expect(table).toMatch(/^Max processes /m);
    expect(mostPids).toBeGreaterThan(0);
  });
});
