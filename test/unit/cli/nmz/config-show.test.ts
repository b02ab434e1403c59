import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../fake-context.js";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "nmzt-cli-"));
  writeFileSync(join(cwd, "shake.toml"), 'EXPLOREPOLICY = "dumb"\n');
  writeFileSync(join(cwd, "wrong.toml"), 'explorePolcy = "dumb"\n');
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe("nmz config show", () => {
  it("prints what a run uses without a file", async () => {
    const { exitCode, stdout } = await runCli(["nmz", "config", "show"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^explorePolicy = "random" +# preset$/m);
  });

  it("prints where each value of a file comes from", async () => {
    const { exitCode, stdout } = await runCli(["nmz", "config", "show", "shake.toml"], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^explorePolicy = "dumb" +# .*shake\.toml:1$/m);
    expect(stdout).toMatch(/^init = "" +# default$/m);
  });

  it("fails on a wrong file with its line", async () => {
    const { exitCode, stderr } = await runCli(["nmz", "config", "show", "wrong.toml"], { cwd });
    expect(exitCode).toBe(125);
    expect(stderr).toMatch(/wrong\.toml:1: .*explorePolcy/);
  });
});
