import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { probeAbilities, probeRunAbilities } from "../../../src/abilities/index.js";
import { requires } from "../../helpers/requires.js";

requires("root", "built", "nfqueue", "fuse", "proc-events");

describe("probeAbilities", () => {
  it("finds here what these tests require, each row with what it is needed for", async () => {
    const rows = await probeAbilities();
    const present = rows.filter(({ isPresent }) => isPresent).map(({ name }) => name);
    expect(present).toEqual(
      expect.arrayContaining([
        "root",
        "CAP_SYS_NICE",
        "NFQUEUE, IPv4",
        "FUSE",
        "SCHED_BATCH",
        "process events",
      ]),
    );
    for (const { name, isPresent, remedy, neededFor } of rows) {
      expect(neededFor, name).not.toBe("");
      if (isPresent) expect(remedy, name).toBeUndefined();
    }
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });

  it("leaves no control group and no child behind", async () => {
    await probeAbilities();
    if (existsSync("/sys/fs/cgroup/cpu")) {
      expect(
        readdirSync("/sys/fs/cgroup/cpu").filter((name) => name.includes(`probe-${process.pid}`)),
      ).toEqual([]);
    }
  });
});

describe("probeRunAbilities", () => {
  it("asks only for what the inspectors of the run need", async () => {
    const namesFor = async (...inspectors: ("ethernet" | "fs" | "proc")[]) =>
      (await probeRunAbilities(new Set(inspectors))).map(({ name }) => name);
    expect(await namesFor("proc")).toEqual(["Linux", "Node", "root", "CAP_NET_ADMIN", "CAP_SYS_NICE"]);
    expect(await namesFor("fs")).toContain("FUSE");
    expect(await namesFor("ethernet")).toContain("NFQUEUE, IPv4");
    expect(await namesFor()).toEqual(["Linux", "Node"]);
  });
});
