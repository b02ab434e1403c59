import { describe, expect, it } from "vitest";
import { faultKinds } from "../../../../src/config/index.js";
import { runCli } from "../fake-context.js";

describe("nmz faults", () => {
  it("lists every fault that a rule may name, with its keys, by what it is done to", async () => {
    const { exitCode, stdout } = await runCli(["nmz", "faults"]);
    expect(exitCode).toBe(0);
    for (const [name, { settings }] of Object.entries(faultKinds)) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} {2}`, "m"));
      for (const key of Object.keys(settings)) expect(stdout).toMatch(new RegExp(`^ {4}${key} `, "m"));
    }
    expect(stdout.match(/^(packets|files|processes)$/gm)).toEqual(["packets", "files", "processes"]);
  });

  it("shows all keys of one, an error of errno(3) among them", async () => {
    const { stdout } = await runCli(["nmz", "faults", "ENOSPC"]);
    expect(stdout).toContain("the operation fails with ENOSPC");
    expect(stdout).toContain("at pre-write, pre-create, pre-mkdir, pre-fsync, unless its rule names others");
    for (const key of ["probability", "atMost", "op", "path"]) expect(stdout).toContain(`  ${key} `);
    const json = await runCli(["nmz", "faults", "--format", "json", "corrupt"]);
    expect(JSON.parse(json.stdout)).toMatchObject([
      {
        name: "corrupt",
        on: "packets",
        keys: expect.arrayContaining([expect.objectContaining({ key: "bits" })]),
      },
    ]);
  });

  it("names the one that was meant", async () => {
    const { exitCode, stderr } = await runCli(["nmz", "faults", "drpo"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('did you mean "drop"?');
  });
});
