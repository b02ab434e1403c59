import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const nmz = join(import.meta.dirname, "../../../dist/bin/nmz.js");

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "nmzt-starter-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function run(...words: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [nmz, ...words], { cwd });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

describe("nmz policies new", () => {
  it("writes a policy that loads, whose test passes with nothing installed beside it", async () => {
    await run("policies", "new", "later");
    const { exitCode, stdout, stderr } = await run("policies", "test", "later.test.ts");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^# pass 3$/m);
    writeFileSync(
      join(cwd, "later.toml"),
      'explorePolicy = "./later.ts"\n[explorePolicyParam]\nlate = "1s"\n',
    );
    expect((await run("config", "show", "later.toml")).stdout).toMatch(/^late = "1s" +# .*later\.toml:3$/m);
  });
});

describe("nmz policies test", () => {
  it("fails when the test does, and when there is none", async () => {
    writeFileSync(
      join(cwd, "wrong.test.ts"),
      'import { test } from "node:test";\ntest("it", () => {\n  throw new Error("no");\n});\n',
    );
    expect(await run("policies", "test", "wrong.test.ts")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^# fail 1$/m),
    });
    expect(await run("policies", "test", "none.test.ts")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("there is no file"),
    });
  });
});
