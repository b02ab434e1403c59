import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { requires } from "../helpers/requires.js";

requires("root", "docker", "fuse", "nfqueue", "iptables", "built", "base-image");

interface Row {
  readonly name: string;
  readonly docker: { readonly failures: number; readonly runs: number };
  readonly nmzc: { readonly failures: number; readonly runs: number };
}

describe("scripts/quickstart", () => {
  const runs = 10;
  let rows: readonly Row[];

  beforeAll(() => {
    const { status, stdout, stderr } = spawnSync("scripts/quickstart", ["-n", String(runs), "--json"], {
      encoding: "utf8",
    });
    expect(stderr).not.toContain("could not be made");
    expect(status).toBe(0);
    rows = JSON.parse(stdout) as Row[];
  });

  it("runs every program as often as it was told, both ways", () => {
    expect(rows.map(({ name }) => name)).toEqual(["config-update", "tcp-order", "thread-order"]);
    for (const { docker, nmzc } of rows) expect([docker.runs, nmzc.runs]).toEqual([runs, runs]);
  });

  it("shows programs that hardly fail under docker", () => {
    for (const { docker } of rows) expect(docker.failures).toBeLessThanOrEqual(1);
  });

  it("shows that they fail under nmzc", () => {
    for (const { nmzc } of rows) expect(nmzc.failures).toBeGreaterThanOrEqual(1);
  });
});
