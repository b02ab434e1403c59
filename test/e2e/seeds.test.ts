import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "nfqueue", "built", "base-image");

let state: string;
beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), "nmzc-seeds-"));
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

describe("nmzc run --nmz-seed hot", () => {
  it("takes the seed of a run that failed, in the foreground and in the background, and counts it", async () => {
    const env = { ...process.env, XDG_STATE_HOME: state };
    const run = (...flags: string[]) =>
      runNmzc(["run", "--rm", "--nmz-disable", "proc", "--nmz-test", "door", ...flags], { env });
    const failed = await run("--nmz-seed", "tuna", baseImage, "false");
    expect(failed.exitCode, failed.stderr).toBe(1);
    expect(failed.stderr).toContain("nmzc: seed tuna is kept: --nmz-seed hot takes it first\n");
    const hot = await run("--nmz-seed", "hot", baseImage, "true");
    expect(hot.exitCode, hot.stderr).toBe(0);
    expect(hot.stderr).toMatch(/^nmzc: seed tuna\nnmzc: hot: it failed on \S+ and was not repeated yet\n/);
    await run("--sig-proxy=false", "--nmz-seed", "tuna", baseImage, "false");
    const { stdout } = await runNmzc(["seeds", "ls", "--format", "json"], { command: "nmz", env });
    expect(JSON.parse(stdout)).toMatchObject([
      { name: "door", seeds: [{ seed: "tuna", tries: 3, failures: 2, recent: "x.x" }] },
    ]);
  });
});
