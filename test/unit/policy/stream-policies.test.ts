import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPolicy, PolicyTrial, policies } from "../../../src/policy/index.js";
import { type Event, FilesystemEvent, ProcSetEvent } from "../../../src/signal/index.js";
import { NoticeEvent, packet, TestContext } from "./policy-harness.js";

const hintOf = (port: number, content: string) => `tcp:output:local>10.0.0.2:${port}:data:${content}`;

/** The same events, each stream in its own order, woven together by `turns`. */
function weave(streams: readonly (readonly string[])[], turns: readonly number[]): string[] {
  const left = streams.map((stream) => [...stream]);
  const woven: string[] = [];
  for (const turn of [...turns, ...left.flatMap((stream, index) => stream.map(() => index))]) {
    const next = left[turn % left.length]!.shift();
    if (next !== undefined) woven.push(next);
  }
  return woven;
}

/** What was decided on each (hint, occurrence). */
function decide(name: string, params: Record<string, unknown>, hints: readonly string[], stepMs = 0) {
  const context = new TestContext("seed");
  const policy = createPolicy(name, params, context);
  const seen = new Map<string, number>();
  const decided: Record<string, unknown> = {};
  for (const hint of hints) {
    const occurrence = (seen.get(hint) ?? 0) + 1;
    seen.set(hint, occurrence);
    context.nowMs += stepMs;
    const { delayMs, action } = policy.onEvent(packet(hint));
    decided[`${hint} ${occurrence}`] = [delayMs, action.class];
  }
  return decided;
}

const streams = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }), {
  minLength: 1,
  maxLength: 5,
});

describe.each([
  ["pct", { slow: 0.4, steps: 10 }],
  ["starve", { chance: 0.4, window: 3 }],
  ["mix", { packets: { policy: "pct", slow: 0.4, steps: 10 } }],
  ["mix", { packets: { policy: "random", maxInterval: "20ms", faultActionProbability: 0.3 } }],
])("%s (%o)", (name, params) => {
  it("decides the same for the same (entity, hint, occurrence), however streams are woven together and whatever the time", () => {
    fc.assert(
      fc.property(
        streams,
        fc.array(fc.nat(4)),
        fc.array(fc.nat(4)),
        fc.nat(50),
        (contents, one, other, stepMs) => {
          const hints = contents.map((stream, port) =>
            stream.map((content) => hintOf(port, String(content))),
          );
          expect(decide(name, params, weave(hints, other), stepMs)).toEqual(
            decide(name, params, weave(hints, one)),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("decides otherwise for another seed", async () => {
    const delays = async (seed: string) => {
      const trial = new PolicyTrial(policies.get(name)!, params, { seed });
      const all = [];
      for (let port = 0; port < 200; port++) {
        all.push((await trial.ask(trial.packet({ hint: hintOf(port, "x") }))).delayMs);
      }
      return all;
    };
    expect(await delays("a")).not.toEqual(await delays("b"));
    expect(await delays("a")).toEqual(await delays("a"));
  });
});

function delaysOf(policy: ReturnType<typeof createPolicy>, events: readonly Event[]): number[] {
  return events.map((event) => policy.onEvent(event).delayMs);
}

describe("pct", () => {
  it("delays few streams, each by its own constant time, and lets the others alone", () => {
    const policy = createPolicy("pct", { slow: 0.25, changePoints: 0 }, new TestContext());
    let slow = 0;
    for (let port = 0; port < 1000; port++) {
      const delays = new Set(
        delaysOf(
          policy,
          ["a", "b", "c"].map((content) => packet(hintOf(port, content))),
        ),
      );
      expect(delays.size).toBe(1);
      const [delayMs = 0] = delays;
      if (delayMs === 0) continue;
      slow += 1;
      expect(delayMs).toBeGreaterThanOrEqual(20);
      expect(delayMs).toBeLessThan(100);
    }
    expect(slow).toBeGreaterThan(200);
    expect(slow).toBeLessThan(300);
  });

  it("delays about as many other events as it has change points", () => {
    const policy = createPolicy("pct", { slow: 0, changePoints: 5, steps: 1000 }, new TestContext());
    const events = Array.from({ length: 20_000 }, (_, index) => packet(hintOf(80, String(index))));
    const late = delaysOf(policy, events).filter((delayMs) => delayMs > 0);
    expect(late.length).toBeGreaterThan(60);
    expect(late.length).toBeLessThan(140);
    for (const delayMs of late) expect(delayMs).toBeGreaterThanOrEqual(20);
  });

  it("leaves alone what nobody holds", () => {
    const policy = createPolicy("pct", { slow: 1 }, new TestContext());
    expect(policy.onEvent(new NoticeEvent("log"))).toMatchObject({
      delayMs: 0,
      action: { class: "NopAction" },
    });
    expect(policy.onEvent(new ProcSetEvent("proc", [1])).action.class).toBe("NopAction");
  });

  it("refuses an upper bound below the lower one", () => {
    expect(() => createPolicy("pct", { minDelay: "2ms", maxDelay: "1ms" }, new TestContext())).toThrow(
      "at least minDelay",
    );
  });
});

describe("starve", () => {
  it("holds a stream for whole windows of its events", () => {
    const policy = createPolicy("starve", { chance: 0.5, window: 5, hold: "300ms" }, new TestContext());
    const delays = delaysOf(
      policy,
      Array.from({ length: 500 }, () => new FilesystemEvent("fs", "pre-fsync", "log")),
    );
    const windows = Array.from(
      { length: 100 },
      (_, index) => new Set(delays.slice(index * 5, index * 5 + 5)),
    );
    expect(windows.every((window) => window.size === 1)).toBe(true);
    expect([...new Set(delays)].sort()).toEqual([0, 300]);
    const starved = windows.filter((window) => window.has(300)).length;
    expect(starved).toBeGreaterThan(25);
    expect(starved).toBeLessThan(75);
  });
});

describe("partition", () => {
  const between = (trial: PolicyTrial, from: number, to: number) =>
    trial.packet({ from: `entity-10.0.0.${from}:99`, to: `entity-10.0.0.${to}:80` });

  it("drops packets between two sides for a while, heals by itself, and parts others next time", async () => {
    const trial = new PolicyTrial(policies.get("partition")!, { healthy: "10s", apart: "4s" });
    const hosts = [1, 2, 3, 4, 5, 6];
    const lostNow = async () => {
      const lost: string[] = [];
      for (const from of hosts)
        for (const to of hosts)
          if ((await trial.ask(between(trial, from, to))).action.class === "PacketFaultAction")
            lost.push(`${from}${to}`);
      return lost.join(" ");
    };
    const phases: string[] = [];
    for (let second = 0; second < 600; second++) {
      const lost = await lostNow();
      if (lost !== phases.at(-1)) phases.push(lost);
      trial.advance(1000);
    }
    expect(phases[0]).toBe("");
    expect(phases.length).toBeGreaterThan(20);
    expect(new Set(phases).size).toBeGreaterThan(4);
    for (const lost of phases) {
      const pairs = new Set(lost.split(" "));
      for (const host of hosts) expect(pairs).not.toContain(`${host}${host}`);
      for (const pair of lost === "" ? [] : pairs) expect(pairs).toContain([...pair].reverse().join(""));
    }
    const healthy = phases.filter((lost) => lost === "").length;
    expect(Math.abs(2 * healthy - phases.length)).toBeLessThanOrEqual(phases.length / 3);
  });

  it("catches up with an idle hour, and lets everything else go", async () => {
    const trial = new PolicyTrial(policies.get("partition")!, { healthy: "10ms", apart: "10ms", split: 1 });
    await trial.ask(between(trial, 1, 2));
    trial.advance(3_600_000);
    expect((await trial.ask(between(trial, 1, 2))).action.class).toBe("EventAcceptanceAction");
    expect((await trial.ask(trial.file())).action.class).toBe("EventAcceptanceAction");
    expect(() => new PolicyTrial(policies.get("partition")!, { apart: "1ms" })).toThrow(
      "apart: expected at least 10ms",
    );
  });
});

describe("mix", () => {
  const mixed = {
    packets: { Policy: "pct", slow: 1, minDelay: "7ms", maxDelay: "7ms" },
    files: { policy: "random", faultActionProbability: 1 },
    threads: { policy: "dumb" },
    others: { policy: "dumb", interval: "3ms" },
  };

  it("asks the policy of each class of event", () => {
    const policy = createPolicy("mix", mixed, new TestContext());
    expect(policy.onEvent(packet())).toMatchObject({
      delayMs: 7,
      action: { class: "EventAcceptanceAction" },
    });
    expect(policy.onEvent(new FilesystemEvent("fs", "pre-mkdir", "x")).action.class).toBe(
      "FilesystemFaultAction",
    );
    expect(policy.onEvent(new ProcSetEvent("proc", [1])).action.class).toBe("NopAction");
    expect(policy.onEvent(new NoticeEvent("log")).action.class).toBe("NopAction");
    const byDefault = createPolicy("mix", {}, new TestContext());
    expect(byDefault.onEvent(new ProcSetEvent("proc", [1])).action.class).toBe("ProcSetSchedAction");
  });

  it("decides on a class as its policy does alone", () => {
    const params = { maxInterval: "20ms", faultActionProbability: 0.2 };
    const alone = createPolicy("random", params, new TestContext());
    const within = createPolicy("mix", { packets: { policy: "random", ...params } }, new TestContext());
    for (let index = 0; index < 200; index++) {
      const [a, b] = [alone, within].map((policy) => policy.onEvent(packet(String(index))));
      expect([b!.delayMs, b!.action.class]).toEqual([a!.delayMs, a!.action.class]);
    }
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["an unknown policy", { packets: { policy: "pcd" } }, 'packets.policy: expected one of "random", "dumb"'],
    ["itself", { packets: { policy: "mix" } }, 'got "mix"'],
    [
      "an unknown parameter",
      { files: { policy: "dumb", intervall: 1 } },
      'unknown key "files.intervall"; did you mean "interval"?',
    ],
    [
      "a wrong value",
      { packets: { policy: "pct", slow: 2 } },
      "packets.slow: expected a number from 0 to 1, got 2",
    ],
    [
      "bounds the wrong way round",
      { packets: { minInterval: 2, maxInterval: 1 } },
      "packets.maxInterval: expected at least minInterval",
    ],
    ["no table", { packets: "pct" }, 'packets: expected a table with policy = "random"'],
  ])("refuses %s", (_, params, message) => {
    expect(() => createPolicy("mix", params, new TestContext())).toThrow(message);
  });
});
