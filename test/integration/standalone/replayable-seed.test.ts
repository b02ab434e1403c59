import { mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fnv1a64 } from "../../../src/policy/replayable-policy.js";
import { readDecisions } from "../../../src/record/index.js";
import { requires } from "../../helpers/requires.js";
import { startNmzc } from "../../helpers/run-nmzc.js";
import { interrupted, Workplace } from "./inspector-command.js";

requires("root", "fuse", "built");

const workplace = new Workplace();
let config = "";
beforeAll(() => {
  const params = '[explorePolicyParam]\nmaxInterval = "20ms"\nseed = "of the config"\n';
  config = workplace.file("replayable.toml", `explorePolicy = "replayable"\n${params}`);
});
afterAll(() => workplace.remove());

/** How long each operation was held in a run of its own, by replay hint. */
async function delaysOf(run: string, seed: string | undefined): Promise<ReadonlyMap<string, number>> {
  const [real, mount] = [workplace.folder(`${run}-real`), workplace.folder(`${run}-mount`)];
  const out = join(workplace.path, `${run}-out`);
  const words = ["inspectors", "fs", "-original-dir", real, "-mount-point", mount];
  const { NMZ_REPLAY_SEED: _, ...env } = process.env;
  const started = startNmzc([...words, "-autopilot", config, "-nmz-out", out], {
    command: "nmz",
    env: seed === undefined ? env : { ...env, NMZ_REPLAY_SEED: seed },
  });
  await started.stderrHas("nmz: fs: ");
  for (const name of ["one", "two", "three", "four"]) {
    mkdirSync(join(mount, name));
    rmdirSync(join(mount, name));
  }
  await interrupted(started);
  const folder = readdirSync(out).find((name) => name !== "latest")!;
  const decisions = [...readDecisions(join(out, folder, "trace.jsonl"))];
  const changes = decisions.filter(({ hint }) => /mkdir|rmdir/.test(hint));
  return new Map(changes.map(({ hint, delayMs }) => [hint, delayMs]));
}

describe("the policy replayable", () => {
  it("holds each event for the same time in two runs with the same NMZ_REPLAY_SEED, as Namazu computes it", async () => {
    const [first, second] = [await delaysOf("first", "tuna"), await delaysOf("second", "tuna")];
    expect(first.size).toBeGreaterThanOrEqual(8);
    expect(second).toEqual(first);
    for (const [hint, delayMs] of first) {
      const expectedNs = fnv1a64(hint, fnv1a64("tuna")) % 20_000_000n;
      expect(Math.abs(delayMs - Number(expectedNs) / 1e6)).toBeLessThan(0.001); // a trace has microseconds
    }
  });

  it("takes the config's seed without it, and another seed holds events for other times", async () => {
    const [own, other] = [await delaysOf("own", undefined), await delaysOf("other", "salmon")];
    expect([...own.keys()].sort()).toEqual([...other.keys()].sort());
    for (const [hint, delayMs] of own) {
      const expectedNs = fnv1a64(hint, fnv1a64("of the config")) % 20_000_000n;
      expect(Math.abs(delayMs - Number(expectedNs) / 1e6)).toBeLessThan(0.001);
    }
    expect([...own.values()]).not.toEqual([...other.values()]);
  });
});
