import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicyFrom, PolicyTrial, policies } from "../../../src/policy/index.js";
import { type PendingEvent, PendingEvents } from "../../../src/policy/pos-pending-events.js";
import { type Event, FilesystemEvent, ProcSetEvent } from "../../../src/signal/index.js";
import { NoticeEvent, packet, TestContext } from "./policy-harness.js";

const pos = policies.get("pos")!;

/** What goes on, in order, when `events` come at those times, and how long each was held. */
async function run(
  arrivals: readonly { readonly atMs: number; readonly make: (trial: PolicyTrial) => Event }[],
  params: Record<string, unknown> = {},
  seed = "seed",
): Promise<{ readonly index: number; readonly heldMs: number }[]> {
  const trial = new PolicyTrial(pos, params, { seed });
  const order: { index: number; heldMs: number }[] = [];
  let nowMs = 0;
  const advance = async (untilMs: number) => {
    while (nowMs < untilMs) {
      trial.advance(1);
      nowMs += 1;
      for (let turn = 0; turn < 5; turn++) await undefined;
    }
  };
  const asked: Promise<void>[] = [];
  for (const [index, { atMs, make }] of arrivals.entries()) {
    await advance(atMs);
    const sinceMs = nowMs;
    asked.push(
      trial.ask(make(trial)).then((decision) => {
        order.push({ index, heldMs: nowMs - sinceMs + decision.delayMs });
      }),
    );
  }
  await advance(nowMs + 200);
  await Promise.all(asked);
  return order;
}

const file = (path: string) => (trial: PolicyTrial) => trial.file("pre-write", path);

describe("pos", () => {
  it("lets one event of an entity go on each step, each once, and holds none longer than it may", async () => {
    const arrivals = fc.array(fc.tuple(fc.nat(8), fc.nat(2), fc.nat(1)), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 5 }), fc.nat(40), async (gaps, step, more) => {
        const hold = step + more;
        let atMs = 0;
        const events = gaps.map(([gap, path, isPacket]) => {
          atMs += gap;
          const make = (trial: PolicyTrial) =>
            isPacket === 1 ? trial.packet({ to: `entity-10.0.0.${path}:1` }) : file(`${path}`)(trial);
          return { atMs, make };
        });
        const order = await run(events, { step: `${step}ms`, hold: `${hold}ms` });
        expect(order.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...gaps.keys()]);
        // A step may come just before an event is due.
        for (const { heldMs } of order) expect(heldMs).toBeLessThanOrEqual(hold + step);
      }),
      { numRuns: 50 },
    );
  });

  it("puts rivals in every order, each about as often, and in the same one for the same seed", async () => {
    const three = ["a", "a", "b"].map((path) => ({ atMs: 0, make: file(path) }));
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const order = (await run(three, {}, `${seed}`)).map(({ index }) => index).join("");
      expect((await run(three, {}, `${seed}`)).map(({ index }) => index).join("")).toBe(order);
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    for (const count of counts.values()) expect(count).toBeGreaterThan(50);
  });

  it("keeps the packets of one connection and direction in order", async () => {
    for (let seed = 0; seed < 30; seed++) {
      const arrivals = Array.from({ length: 12 }, (_, index) => ({
        atMs: 0,
        make: (trial: PolicyTrial) =>
          trial.packet({ from: `entity-10.0.0.1:${index % 3}`, to: "entity-10.0.0.2:80", hint: `${index}` }),
      }));
      const order = (await run(arrivals, {}, `${seed}`)).map(({ index }) => index);
      for (const from of [0, 1, 2]) {
        const own = order.filter((index) => index % 3 === from);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }
  });

  it("does not let one entity wait for another", async () => {
    const arrivals = ["one", "other"].map((entity) => ({
      atMs: 0,
      make: () => new FilesystemEvent(entity, "pre-write", "a"),
    }));
    expect((await run(arrivals, { step: "5ms" })).map(({ heldMs }) => heldMs)).toEqual([5, 5]);
  });

  it("answers at once what nobody holds, and what comes when too many wait", () => {
    const policy = createPolicyFrom(pos, {}, new TestContext());
    expect(policy.onEvent(new NoticeEvent("log"))).toMatchObject({ delayMs: 0 });
    expect(policy.onEvent(new ProcSetEvent("proc", [1]))).toMatchObject({ action: { class: "NopAction" } });
    for (let index = 0; index < 1000; index++) {
      expect(policy.onEvent(packet(`${index}`))).toBeInstanceOf(Promise);
    }
    expect(policy.onEvent(packet("one more"))).toMatchObject({ delayMs: 0 });
    expect(policy.onEvent(packet("another's", "other"))).toBeInstanceOf(Promise);
  });

  it("keeps no timer while nothing waits", async () => {
    const context = new TestContext();
    const policy = createPolicyFrom(pos, {}, context);
    const answer = policy.onEvent(packet());
    expect(context.timers.length).toBe(1);
    context.timers[0]!.tick();
    expect(await answer).toMatchObject({ delayMs: 0, action: { class: "EventAcceptanceAction" } });
    expect(context.timers.length).toBe(1);
  });

  it("is a part of mix like any other, whose other parts answer at once", async () => {
    const params = { files: { policy: "pos", step: "3ms", hold: "20s" }, packets: { policy: "dumb" } };
    const trial = new PolicyTrial(policies.get("mix")!, params);
    expect(trial.policy.onEvent(trial.packet())).toMatchObject({ delayMs: 0 });
    expect(trial.policy.answerWithinMs).toBeGreaterThan(20_000);
    const answer = trial.ask(trial.file());
    trial.advance(3);
    expect(await answer).toMatchObject({ delayMs: 0 });
  });

  it("refuses to hold for less than a step", () => {
    const make = (params: Record<string, unknown>) => () => new PolicyTrial(pos, params);
    expect(make({ step: "5ms", hold: "1ms" })).toThrow("hold: expected at least step");
    expect(make({ step: 0 })).toThrow("step: expected a duration above 0");
    expect(make({ hold: "1000h" })).toThrow("hold: expected at most 12 days");
  });

  it("has its orchestrator let everything go at the end, and count what was held", () => {
    const answered: string[] = [];
    const orchestrator = new Orchestrator({
      seed: "test",
      cpuCount: 2,
      createPolicy: (context) => createPolicyFrom(pos, { step: "1h", hold: "2h" }, context),
    });
    for (const hint of ["a", "b", "c"]) {
      orchestrator.submit(packet(hint), { deliver: (event) => answered.push(event.replayHint) });
    }
    expect(orchestrator.counts).toMatchObject({ held: 3, errors: 0 });
    orchestrator.stop();
    expect(answered).toEqual(["a", "b", "c"]);
    expect(orchestrator.counts).toMatchObject({ held: 0, delayed: 3 });
  });
});

describe("PendingEvents", () => {
  const event = (race: string, draws: readonly number[]): PendingEvent & { readonly draws: number[] } => {
    const left = [...draws];
    return {
      race,
      queue: undefined,
      dueMs: 100,
      priority: left.shift()!,
      draws: left,
      random: { next: () => left.shift()!, integer: () => 0 },
    };
  };

  it("draws anew what was racing the one that went on, and nothing else", () => {
    const pending = new PendingEvents<ReturnType<typeof event>>();
    const winner = event("x", [0.9]);
    const rival = event("x", [0.1, 0.8]);
    const stranger = event("y", [0.5]);
    for (const each of [rival, stranger, winner]) pending.add(each);
    expect(pending.step(0)).toEqual([winner]);
    expect([rival.priority, stranger.priority]).toEqual([0.8, 0.5]);
    expect(pending.step(0)).toEqual([rival]); // it would have lost with what it drew first
    expect(pending.step(0)).toEqual([stranger]);
    expect(pending.step(0)).toEqual([]);
  });

  it("lets all go on that are overdue, in the order in which they came, and one besides", () => {
    const pending = new PendingEvents<ReturnType<typeof event>>();
    const [first, second] = [event("x", [0.1]), event("y", [0.2])];
    const late = [event("u", [0.3]), event("v", [0.4])].map((each) => ({ ...each, dueMs: 200 }));
    for (const each of [first, second, ...late]) pending.add(each);
    expect(pending.step(150)).toEqual([first, second, late[1]]);
    expect(pending.size).toBe(1);
  });
});
