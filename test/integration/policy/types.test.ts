import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { starterPolicy, starterTest } from "../../../src/cli/nmz/policies/starter.js";

const root = join(import.meta.dirname, "../../..");
const tsc = join(root, "node_modules/typescript/bin/tsc");

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "nmzt-types-"));
  mkdirSync(join(cwd, "node_modules/@types"), { recursive: true });
  symlinkSync(root, join(cwd, "node_modules/nmzc"));
  symlinkSync(join(root, "node_modules/@types/node"), join(cwd, "node_modules/@types/node"));
  writeFileSync(join(cwd, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(cwd, { recursive: true }));

async function check(file: string): Promise<string> {
  const words = [
    ...["--noEmit", "--strict", "--skipLibCheck", "--allowImportingTsExtensions", "--types", "node"],
    ...["--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", file],
  ];
  return promisify(execFile)(process.execPath, [tsc, ...words], { cwd }).then(
    () => "",
    ({ stdout }: { stdout: string }) => stdout,
  );
}

describe("The package's types", () => {
  it("know what a policy's author writes: the starter, its test and the examples", async () => {
    writeFileSync(join(cwd, "starter.ts"), starterPolicy("starter"));
    writeFileSync(join(cwd, "starter.test.ts"), starterTest("starter"));
    cpSync(join(root, "examples/policies/on-log-line.ts"), join(cwd, "on-log-line.ts"));
    expect(await check("starter.test.ts")).toBe("");
    expect(await check("on-log-line.ts")).toBe("");
  });

  it("refuse what is wrong", async () => {
    const text = starterPolicy("wrong").replace("params.late", "params.latte");
    writeFileSync(join(cwd, "wrong.ts"), text);
    expect(await check("wrong.ts")).toContain("latte");
  });
});
