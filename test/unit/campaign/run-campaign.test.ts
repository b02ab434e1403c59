import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CampaignFile,
  type CampaignPlan,
  type CampaignResult,
  type Chooser,
  createCampaign,
  type MadeRun,
  type MakeRun,
  openCampaign,
  type RunLine,
  type RunOrder,
  readRunLines,
  readSuiteTests,
  runCampaign,
  runFolderName,
} from "../../../src/campaign/index.js";
import { campaignFile } from "./campaign-file.js";
import { failure } from "./run-lines.js";

// Each line is on disk before the next run: thousands of them are for a disk in memory.
const disk = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

let folder = "";
beforeEach(() => {
  folder = join(mkdtempSync(join(disk, "campaign-")), "c");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const passed: MadeRun = ended([]);

function ended(messages: readonly string[], testNames: readonly string[] = []): MadeRun {
  const tests = { passed: testNames.length - messages.length, failed: messages.length, skipped: 0 };
  return {
    ...{ kind: "ended", exitCode: messages.length > 0 ? 1 : 0, durationMs: 10 },
    verdict: {
      failures: messages.map((message) => failure(message)),
      tests: testNames.length > 0 ? tests : undefined,
      ...{ testNames, warnings: [] },
    },
  };
}

const rule = { runs: undefined, untilFailure: false, forMs: undefined, untilInterval: undefined };

interface Campaign {
  readonly file?: Partial<CampaignFile>;
  readonly plan?: Partial<CampaignPlan>;
  readonly make?: MakeRun;
}

/** A new campaign in the folder, or the one that is there, gone on with. */
async function loop({
  file = {},
  plan = {},
  make = async () => passed,
}: Campaign): Promise<
  CampaignResult & { readonly orders: readonly RunOrder[]; readonly warnings: readonly string[] }
> {
  const campaign = existsSync(folder) ? openCampaign(folder) : createCampaign(folder, campaignFile(file));
  const orders: RunOrder[] = [];
  const warnings: string[] = [];
  const never = new AbortController().signal;
  const result = await runCampaign(
    {
      ...{ campaign, stop: campaign.file.stop, jobs: campaign.file.jobs, stopped: never, endNow: never },
      ...{ untilEngine: async () => {}, ...plan },
    },
    (order, endNow) => {
      orders.push(order);
      return make(order, endNow);
    },
    {
      ...{ begins: () => {}, started: () => {}, dropped: () => {}, ended: () => {} },
      warn: (text) => warnings.push(text),
    },
  );
  return { ...result, orders, warnings };
}

function lines(): RunLine[] {
  return [...readRunLines(folder)];
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

describe("runCampaign", () => {
  it("makes so many runs, each with a seed and a folder of its own, and says that it is done", async () => {
    const { reason, tally, orders } = await loop({});
    expect(reason).toBe("runs");
    expect(tally.arm("fuzzed")).toMatchObject({ runs: 10, failures: 0 });
    expect(new Set(orders.map(({ seed }) => seed)).size).toBe(10);
    expect(orders.map(({ folder: each }) => each)).toEqual(
      Array.from({ length: 10 }, (_, run) => join(folder, runFolderName(run))),
    );
    expect(lines().map(({ run }) => run)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("gives a run the same seed and arm in every campaign with the same seed", async () => {
    const first = await loop({ file: { hasBaseline: true } });
    rmSync(folder, { recursive: true });
    const again = await loop({ file: { hasBaseline: true, jobs: 3 } });
    const known = ({ orders }: typeof first) =>
      orders.map(({ run, arm, seed }) => ({ run, arm, seed })).sort((a, b) => a.run - b.run);
    expect(known(again)).toEqual(known(first));
    expect(first.orders.filter(({ arm }) => arm === "plain")).toHaveLength(10);
  });

  it("interleaves both arms: of each two runs one is plain, in an order that changes", async () => {
    const { orders } = await loop({ file: { hasBaseline: true, stop: { ...rule, runs: 40 } } });
    const pairs = Array.from({ length: 40 }, (_, k) => orders.slice(2 * k, 2 * k + 2).map(({ arm }) => arm));
    expect(pairs.every((pair) => new Set(pair).size === 2)).toBe(true);
    const plainFirst = pairs.filter(([first]) => first === "plain").length;
    expect(plainFirst).toBeGreaterThan(8);
    expect(plainFirst).toBeLessThan(32);
  });

  it("has so many runs under way at a time, and no more", async () => {
    let running = 0;
    let most = 0;
    let arrived = (): void => {};
    const threeAtOnce = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    await loop({
      file: { jobs: 3 },
      make: async () => {
        most = Math.max(most, ++running);
        if (running === 3) arrived();
        await threeAtOnce;
        running -= 1;
        return passed;
      },
    });
    expect(most).toBe(3);
  });

  it("stops at the first failure, and finishes the runs beside it", async () => {
    const { reason, tally } = await loop({
      file: { stop: { ...rule, untilFailure: true }, jobs: 2 },
      make: async ({ run }) => ended(run === 4 ? ["boom"] : []),
    });
    expect(reason).toBe("failure");
    expect(tally.ended).toBeLessThanOrEqual(7);
    expect(tally.failureGroups[0]?.examples[0]?.run).toBe(4);
  });

  it("stops when its time is over, by a clock that nobody can set", async () => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, wallMs: () => -1e12 * nowMs };
    const make = async (): Promise<MadeRun> => {
      nowMs += 1000;
      return passed;
    };
    const { reason, tally } = await loop({
      file: { stop: { ...rule, forMs: 4500 } },
      plan: { clock },
      make,
    });
    expect(reason).toBe("time");
    expect(tally.ended).toBe(5);
  });

  it("takes the time of the runs before a --resume off what is left", async () => {
    await loop({ make: async () => ({ ...passed, durationMs: 1000 }) as MadeRun });
    const clock = { nowMs: () => 0, wallMs: () => 0 };
    const { reason, orders } = await loop({ plan: { stop: { ...rule, forMs: 9000 }, clock } });
    expect({ reason, runs: orders.length }).toEqual({ reason: "time", runs: 0 });
  });

  it("takes it off as it was then, when the --resume has another number of runs at a time", async () => {
    const make = async () => ({ ...passed, durationMs: 1000 }) as MadeRun;
    const clock = { nowMs: () => 0, wallMs: () => 0 };
    await loop({ file: { jobs: 1, stop: { ...rule, runs: 4 } }, make });
    // 4 s one at a time, then 6 s two at a time: 7 s in all.
    await loop({ plan: { jobs: 2, stop: { ...rule, runs: 10 }, clock }, make });
    const over = await loop({ plan: { jobs: 5, stop: { ...rule, forMs: 7000 }, clock } });
    expect({ reason: over.reason, runs: over.orders.length }).toEqual({ reason: "time", runs: 0 });
    const more = await loop({ plan: { jobs: 5, stop: { ...rule, forMs: 7001, runs: 11 }, clock } });
    expect({ reason: more.reason, runs: more.orders.length }).toEqual({ reason: "runs", runs: 1 });
  });

  it("stops when the rate is known well enough", async () => {
    const { reason, tally } = await loop({ file: { stop: { ...rule, untilInterval: 0.05 } } });
    expect(reason).toBe("interval");
    const { low, high } = tally.arm("fuzzed").interval;
    expect((high - low) / 2).toBeLessThanOrEqual(0.05);
    expect(tally.ended).toBe(38);
  });

  it("stops when both arms clearly differ", async () => {
    const { reason, tally } = await loop({
      file: { hasBaseline: true, stop: { ...rule, runs: 1000 } },
      make: async ({ arm }) => ended(arm === "fuzzed" ? ["boom"] : []),
    });
    expect(reason).toBe("difference");
    expect(tally.ended).toBeLessThan(40);
    expect(tally.comparison?.fisherP).toBeLessThan(0.05);
  });

  it("goes on with exactly the runs that are missing", async () => {
    const stopped = new AbortController();
    const first = await loop({
      file: { jobs: 2 },
      plan: { stopped: stopped.signal },
      make: async ({ run }) => {
        if (run === 3) stopped.abort();
        return passed;
      },
    });
    expect(first.reason).toBe("stopped");
    const before = lines();
    const { orders, tally } = await loop({});
    const done = before.map(({ run }) => run);
    expect(done.length).toBeLessThanOrEqual(5);
    expect(
      orders
        .map(({ run }) => run)
        .concat(done)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(tally.ended).toBe(10);
    expect(lines().slice(0, before.length)).toEqual(before);
  });

  it("makes runs again on --resume that could not be made before, and compares them in their pairs", async () => {
    const broken = { kind: "error", durationMs: 1, error: new Error("no free address") } as const;
    const file = { hasBaseline: true, stop: { ...rule, runs: 10 }, jobs: 1 };
    const first = loop({ file, make: async ({ run }) => (run < 4 ? passed : broken) });
    await expect(first).rejects.toThrow("no free address");
    expect(
      lines()
        .filter(({ outcome }) => outcome === "error")
        .map(({ run }) => run),
    ).toEqual([...[4, 5, 6, 7, 8, 9, 10, 11, 12, 13]]);
    const { orders, tally } = await loop({});
    expect(orders.map(({ run }) => run)).toEqual(Array.from({ length: 16 }, (_, index) => index + 4));
    expect(tally.arm("fuzzed").runs + tally.arm("plain").runs).toBe(20);
    expect(tally.comparison?.pairs).toBe(10);
  });

  it("makes an interrupted run again under its number and seed, and nothing of it is left before", async () => {
    const endNow = new AbortController();
    const stopped = new AbortController();
    const first = await loop({
      file: { jobs: 3 },
      plan: { endNow: endNow.signal, stopped: stopped.signal },
      make: async ({ run, folder: runFolder }) => {
        writeFileSync(join(runFolder, "output.log"), "half of it");
        if (run !== 1) return passed;
        stopped.abort();
        return { kind: "interrupted" };
      },
    });
    expect(lines().map(({ run }) => run)).not.toContain(1);
    mkdirSync(join(folder, runFolderName(1)), { recursive: true });
    writeFileSync(join(folder, runFolderName(1), "of-a-killed-loop"), "");
    const again = await loop({
      make: async ({ run, folder: runFolder }) => {
        if (run === 1) expect(readdirSync(runFolder)).toEqual([]);
        return passed;
      },
    });
    const seedOf1 = first.orders.find(({ run }) => run === 1)?.seed;
    expect(again.orders.find(({ run }) => run === 1)?.seed).toBe(seedOf1);
    expect(again.tally.ended).toBe(10);
  });

  it("counts a line that is there twice once", async () => {
    await loop({ file: { stop: { ...rule, runs: 2 } } });
    const [line] = lines();
    writeFileSync(join(folder, "runs.jsonl"), `${JSON.stringify(line)}\n`.repeat(2));
    const { tally, orders } = await loop({});
    expect(tally.ended).toBe(2);
    expect(orders.map(({ run }) => run)).toEqual([1]);
  });

  it("keeps failing runs and twenty that passed", async () => {
    await loop({
      file: { stop: { ...rule, runs: 60 } },
      make: async ({ run }) => ended(run % 2 === 0 ? [] : ["boom"]),
    });
    const kept = lines().filter((line) => line.folder !== undefined);
    expect(kept.filter(({ outcome }) => outcome === "fail")).toHaveLength(30);
    expect(kept.filter(({ outcome }) => outcome === "pass")).toHaveLength(20);
    expect(readdirSync(join(folder, "runs"))).toHaveLength(50);
  });

  it.each([
    ["failed", 1],
    ["all", 31],
  ] as const)("keeps with --keep %s %i runs", async (keep, count) => {
    const file = { keep, stop: { ...rule, runs: 31 } };
    await loop({ file, make: async ({ run }) => ended(run === 7 ? ["boom"] : []) });
    expect(readdirSync(join(folder, "runs"))).toHaveLength(count);
  });

  it("does not keep twenty more that passed after a --resume", async () => {
    await loop({ file: { stop: { ...rule, runs: 25 } } });
    await loop({ plan: { stop: { ...rule, runs: 50 } } });
    expect(readdirSync(join(folder, "runs"))).toHaveLength(20);
  });

  it("names the tests that ran in one file for all runs that ran the same", async () => {
    await loop({ make: async ({ run }) => ended(run === 3 ? ["boom"] : [], ["a", "b"]) });
    const suites = new Set(lines().map(({ suite }) => suite));
    expect(suites.size).toBe(1);
    expect(readSuiteTests(folder, [...suites][0]!)).toEqual(["a", "b"]);
    expect(lines()[3]).toMatchObject({ tests: { passed: 1, failed: 1, skipped: 0 } });
  });

  it("counts a timeout apart", async () => {
    const { tally } = await loop({
      make: async ({ run }) => (run === 0 ? { kind: "timeout", durationMs: 5000 } : passed),
    });
    expect(tally.arm("fuzzed")).toMatchObject({ runs: 9, timeouts: 1, failures: 0 });
    expect(lines()[0]).toMatchObject({ outcome: "timeout" });
  });

  it("gives up with their error when the first three runs cannot be made", async () => {
    const make = async (): Promise<MadeRun> => ({
      kind: "error",
      durationMs: 1,
      error: new Error("no such image"),
    });
    await expect(loop({ make })).rejects.toThrow("no such image");
    expect(lines().map(({ outcome, error }) => [outcome, error])).toEqual(
      Array.from({ length: 3 }, () => ["error", "no such image"]),
    );
    await expect(loop({ make })).rejects.toThrow("no such image");
    expect(lines()).toHaveLength(6);
  });

  it("goes on where some runs cannot be made, and gives up when ten in a row cannot", async () => {
    const make: MakeRun = async ({ run }) =>
      run % 2 === 0 && run < 20 ? passed : { kind: "error", durationMs: 1, error: new Error("no") };
    await expect(loop({ file: { stop: { ...rule, runs: 100 } }, make })).rejects.toThrow("no");
    expect(lines()).toHaveLength(29);
  });

  it("waits for an engine that went away, makes the run again, and counts it once", async () => {
    let tries = 0;
    let waits = 0;
    const { tally, warnings } = await loop({
      plan: { untilEngine: async () => void waits++ },
      make: async ({ run }) =>
        run === 2 && tries++ < 2
          ? { kind: "error", durationMs: 1, error: new Error("gone"), isEngineGone: true }
          : passed,
    });
    expect({ tries, waits }).toEqual({ tries: 3, waits: 2 });
    expect(warnings).toHaveLength(2);
    expect(tally.arm("fuzzed")).toMatchObject({ runs: 10, errors: 0 });
  });

  it("stops with what its maker throws, and keeps what has ended before", async () => {
    const make: MakeRun = async ({ run }) => {
      if (run === 4) throw new Error("the disk is full");
      return passed;
    };
    await expect(loop({ make })).rejects.toThrow("the disk is full");
    expect(lines()).toHaveLength(4);
    expect((await loop({})).tally.ended).toBe(10);
  });

  it("tells a chooser of each fuzzed run, of those before a --resume too", async () => {
    const learned: string[] = [];
    const chooser: Chooser = {
      next: (random) => ({ name: random.next() < 0.5 ? "disk" : "network" }),
      learn: (choice, outcome) => void learned.push(`${choice} ${outcome}`),
      summary: () => [],
    };
    const file = { hasBaseline: true, stop: { ...rule, runs: 4 } };
    const { orders } = await loop({ file, plan: { chooser } });
    expect(learned).toHaveLength(4);
    expect(orders.filter(({ arm }) => arm === "plain").every(({ choice }) => choice === undefined)).toBe(
      true,
    );
    learned.length = 0;
    await loop({ plan: { chooser } });
    expect(learned).toHaveLength(4);
  });

  it("tells of each run that began either how it ended, or that it is made again", async () => {
    const campaign = createCampaign(folder, campaignFile({}));
    const told = new Map<number, string>();
    let retries = 0;
    const listener = {
      ...{ begins: () => {}, warn: () => {} },
      started: ({ run }: RunOrder) => void told.set(run, "runs"),
      dropped: ({ run }: RunOrder) => void told.set(run, "dropped"),
      ended: ({ run }: RunLine) => void told.set(run, "ended"),
    };
    const make: MakeRun = async ({ run }) => {
      if (run === 3 && retries++ === 0)
        return { kind: "error", durationMs: 1, error: new Error("gone"), isEngineGone: true };
      if (run === 5) stopped.abort();
      return run === 5 ? { kind: "interrupted" } : passed;
    };
    const stopped = new AbortController();
    const never = new AbortController().signal;
    const untilEngine = async () => void expect(told.get(3)).toBe("dropped");
    const plan = {
      campaign,
      stop: campaign.file.stop,
      jobs: 1,
      stopped: stopped.signal,
      endNow: never,
      untilEngine,
    };
    await runCampaign(plan, make, listener);
    expect([...told.values()]).toEqual([...Array.from({ length: 5 }, () => "ended"), "dropped"]);
  });

  it("takes no more memory for 10,000 runs than for 2,000", { timeout: 120_000 }, async () => {
    const campaign = createCampaign(folder, campaignFile({ keep: "failed" }));
    const never = new AbortController().signal;
    const common = { stopped: never, endNow: never, untilEngine: async () => {} };
    const nobody = {
      ...{ begins: () => {}, started: () => {}, dropped: () => {} },
      ended: () => {},
      warn: () => {},
    };
    const make: MakeRun = async ({ run }) =>
      ended(run % 100 === 0 ? [`boom ${run % 7}`] : [], ["a", "b", "c"]);
    const heapAfter = async (runs: number): Promise<number> => {
      await runCampaign({ campaign, stop: { ...rule, runs }, jobs: 4, ...common }, make, nobody);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const after2000 = await heapAfter(2000);
    const after10000 = await heapAfter(10_000);
    expect(lines()).toHaveLength(10_000);
    expect(after10000 - after2000).toBeLessThan(2 << 20);
  });
});
