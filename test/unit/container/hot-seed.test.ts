import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Autopilot, defaultAutopilot } from "../../../src/config/index.js";
import { rememberSeed, testOf, withHotSeed } from "../../../src/container/hot-seed.js";
import { planWith } from "../../../src/container/run-plan.js";
import { policies } from "../../../src/policy/index.js";
import { parse } from "../cli/run/parse.js";

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-hot-"));
  env = { XDG_STATE_HOME: folder };
});
afterEach(() => rmSync(folder, { recursive: true }));

function plan(line: string, autopilot: Partial<Autopilot> = {}) {
  const loaded = defaultAutopilot();
  const changed = { ...loaded, autopilot: { ...loaded.autopilot, ...autopilot } };
  const planned = planWith(parse(line), { loaded: changed, policies });
  return { ...planned, test: testOf(planned) };
}

describe("--nmz-seed hot", () => {
  it("takes a seed that failed before, and says why", async () => {
    const line = "debian make test";
    const first = await withHotSeed(plan(`--nmz-seed hot ${line}`), env);
    expect(first.whySeed).toBe("hot: a new one, because none has made this test fail yet");
    expect(first.seed).toMatch(/^[\da-f]{16}$/);
    expect(await rememberSeed(plan(`--nmz-seed tuna ${line}`), 3, env)).toBe(
      "seed tuna is kept: --nmz-seed hot takes it first",
    );
    const second = await withHotSeed(plan(`--nmz-seed hot ${line}`), env);
    expect(second.seed).toBe("tuna");
    expect(second.whySeed).toMatch(/^hot: it failed on 2\d{3}-\d\d-\d\d and was not repeated yet$/);
    expect(await rememberSeed(second, 3, env)).toBeUndefined();
  });

  it("does not take for one config what failed under another, or for another test", async () => {
    await rememberSeed(plan("--nmz-seed tuna --nmz-test t debian"), 1, env);
    const other = await withHotSeed(plan("--nmz-test t debian", { explorePolicy: "dumb" }), env);
    expect(other.whySeed).toContain("failed under another config");
    expect((await withHotSeed(plan("--nmz-test u debian"), env)).whySeed).toContain("none has made");
    expect((await withHotSeed(plan("--nmz-test t fedora"), env)).seed).toBe("tuna");
  });

  it("is refused where the run is no test", async () => {
    await expect(withHotSeed(plan("-it debian"), env)).rejects.toMatchObject({ code: "NMZ_SEED_HOT" });
    await expect(withHotSeed(plan("--nmz-disable ethernet,fs,proc debian true"), env)).rejects.toMatchObject({
      code: "NMZ_SEED_HOT",
    });
  });
});

describe("rememberSeed", () => {
  it("leaves nothing of a run that passes, that did not begin, or that was stopped", async () => {
    for (const code of [0, 125, 126, 127, 130, 137, 143]) {
      expect(await rememberSeed(plan("debian make test"), code, env)).toBeUndefined();
    }
    expect(() => readFileSync(join(folder, "nmzc/seeds.json"))).toThrow("ENOENT");
  });

  it("counts every run of a test that has a name", async () => {
    await rememberSeed(plan("--nmz-test t debian true"), 0, env);
    const kept = JSON.parse(readFileSync(join(folder, "nmzc/seeds.json"), "utf8"));
    expect(kept.tests).toMatchObject([{ name: "t", seeds: [], fresh: [{ tries: 1, failures: 0 }] }]);
  });

  it("loses no run of many that end at once", async () => {
    const seeds = Array.from({ length: 20 }, (_, index) => `s${index}`);
    await Promise.all(seeds.map((seed) => rememberSeed(plan(`--nmz-seed ${seed} debian x`), 1, env)));
    const kept = JSON.parse(readFileSync(join(folder, "nmzc/seeds.json"), "utf8"));
    expect(kept.tests[0].seeds.map((each: { seed: string }) => each.seed).sort()).toEqual(seeds.sort());
  });

  it("says what failed instead of failing the run", async () => {
    writeFileSync(join(folder, "nmzc"), "");
    expect(await rememberSeed(plan("debian x"), 1, env)).toContain("the seed is not kept: ");
  });
});
