import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testId } from "../../../../src/seeds/index.js";
import { runCli } from "../fake-context.js";

let env: Record<string, string>;
beforeEach(() => {
  env = { XDG_STATE_HOME: mkdtempSync(join(tmpdir(), "nmzc-cli-seeds-")) };
});
afterEach(() => rmSync(env["XDG_STATE_HOME"]!, { recursive: true }));

describe("nmz seeds", () => {
  it("lists nothing but the columns before anything is kept", async () => {
    const { exitCode, stdout } = await runCli(["nmz", "seeds"], { env });
    expect([exitCode, stdout]).toEqual([0, "ID   SEED   FAILED   LAST RUNS   POLICY   LAST FAILED   TEST\n"]);
  });

  it("adds, lists and removes, by a test's name or its ID", async () => {
    expect((await runCli(["nmz", "seeds", "add", "login", "a", "b"], { env })).exitCode).toBe(0);
    await runCli(["nmz", "seeds", "add", testId("login"), "c"], { env });
    const { stdout } = await runCli(["nmz", "seeds", "ls", "login"], { env });
    expect(stdout).toMatch(new RegExp(`^${testId("login")} +a +0 of 0 +any +login$`, "m"));
    expect((await runCli(["nmz", "seeds", "rm", testId("login"), "a", "c"], { env })).exitCode).toBe(0);
    const json = await runCli(["nmz", "seeds", "ls", "--format", "json"], { env });
    expect(JSON.parse(json.stdout)).toMatchObject([
      { id: testId("login"), name: "login", seeds: [{ seed: "b", tries: 0 }] },
    ]);
    await runCli(["nmz", "seeds", "rm", "login"], { env });
    expect(JSON.parse((await runCli(["nmz", "seeds", "ls", "--format", "json"], { env })).stdout)).toEqual(
      [],
    );
  });

  it("says which test was meant", async () => {
    await runCli(["nmz", "seeds", "add", "login", "a"], { env });
    const { exitCode, stderr } = await runCli(["nmz", "seeds", "rm", "logn"], { env });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('did you mean "login"?')]);
  });
});
