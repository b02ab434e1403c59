import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policies } from "../../../../src/policy/index.js";
import { runCli } from "../fake-context.js";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "nmzt-cli-"));
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe("nmz policies", () => {
  it("lists every policy with its parameters, their defaults and meanings", async () => {
    const { exitCode, stdout } = await runCli(["nmz", "policies"]);
    expect(exitCode).toBe(0);
    for (const { name, summary, params } of policies.values()) {
      expect(stdout).toContain(`${name}  ${summary.replaceAll("`", "")}\n`);
      for (const [key, { meaning }] of Object.entries(params)) {
        expect(stdout).toMatch(new RegExp(`^  ${key} +\\S`, "m"));
        expect(stdout).toContain(meaning.replaceAll("`", ""));
      }
    }
    expect((await runCli(["nmz", "policies", "ls"])).stdout).toBe(stdout);
  });

  it("lists them as JSON", async () => {
    const { stdout } = await runCli(["nmz", "policies", "ls", "--format", "json"]);
    const listed = JSON.parse(stdout) as { name: string; params: { default: unknown }[] }[];
    expect(listed.map(({ name }) => name)).toEqual([...policies.keys()]);
    const ofMix = listed.find(({ name }) => name === "mix")!.params.map((each) => each.default);
    expect(new Set(ofMix.map((each) => JSON.stringify(each)))).toEqual(new Set(['{"policy":"random"}']));
  });

  it("names the nearest command", async () => {
    const { exitCode, stderr } = await runCli(["nmz", "policies", "shaw"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("did you mean 'nmz policies show'?")]);
  });
});

describe("nmz policies show", () => {
  it("shows a built-in policy, and names the nearest", async () => {
    const { stdout } = await runCli(["nmz", "policies", "show", "dumb"]);
    expect(stdout).toMatch(/^dumb {2}Lets every event go[^\n]*\n {2}interval +"0s" +duration +how long/);
    const wrong = await runCli(["nmz", "policies", "show", "dum"]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([125, expect.stringContaining('did you mean "dumb"?')]);
  });

  it("shows a policy of the user's own", async () => {
    const text =
      'import { definePolicy, text } from "nmzc";\nexport default definePolicy({ name: "mine", params: { a: text("x", { meaning: "what" }) }, create: () => ({ onEvent() {} }) });\n';
    writeFileSync(join(cwd, "mine.ts"), text);
    const { stdout } = await runCli(["nmz", "policies", "show", "./mine.ts"], { cwd });
    expect(stdout).toBe('mine\n  a   "x"   string   what\n');
  });
});

describe("nmz policies new", () => {
  it("writes a policy and a test of it, and overwrites neither", async () => {
    const { exitCode, stdout } = await runCli(["nmz", "policies", "new", "later"], { cwd });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('explorePolicy = "./later.ts"')]);
    expect(readdirSync(cwd)).toEqual(expect.arrayContaining(["later.test.ts", "later.ts"]));
    writeFileSync(join(cwd, "later.ts"), "// mine");
    const again = await runCli(["nmz", "policies", "new", "later"], { cwd });
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining("exists already")]);
    expect(readFileSync(join(cwd, "later.ts"), "utf8")).toBe("// mine");
  });

  it("writes neither when one is in the way", async () => {
    writeFileSync(join(cwd, "half.test.ts"), "// mine");
    const { exitCode, stderr } = await runCli(["nmz", "policies", "new", "half"], { cwd });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('half.test.ts" exists already')]);
    expect(readdirSync(cwd).filter((name) => name.startsWith("half"))).toEqual(["half.test.ts"]);
  });

  it.each(["../up", "a b", "", "a.ts"])("refuses %o as a name", async (name) => {
    expect((await runCli(["nmz", "policies", "new", name], { cwd })).stderr).toContain("cannot be the name");
  });
});
