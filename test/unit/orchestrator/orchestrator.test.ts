import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Orchestrator, type OrchestratorOptions } from "../../../src/orchestrator/index.js";
import type { Decision, PolicyContext } from "../../../src/policy/index.js";
import {
  type Action,
  type Event,
  EventAcceptanceAction,
  FilesystemEvent,
  NopAction,
  ShellAction,
} from "../../../src/signal/index.js";
import { NoticeEvent, packet } from "../policy/policy-harness.js";
import { SteppingClock } from "../util/stepping-clock.js";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "setInterval", "clearInterval"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An orchestrator whose policy is one function, and everything that came out of it. */
class Bench {
  readonly clock = new SteppingClock();
  readonly answers: { event: Event; action: Action; atMs: number }[] = [];
  readonly errors: string[] = [];
  readonly observed: { action: Action; delayMs: number }[] = [];
  readonly commands: string[] = [];
  readonly orchestrator: Orchestrator;
  context!: PolicyContext;
  readonly sink = {
    deliver: (event: Event, action: Action) => {
      this.answers.push({ event, action, atMs: this.clock.nowMs() });
    },
  };

  constructor(
    onEvent: (event: Event, context: PolicyContext) => Decision,
    options: Partial<OrchestratorOptions> = {},
  ) {
    this.orchestrator = new Orchestrator({
      seed: "test",
      clock: this.clock,
      cpuCount: 2,
      createPolicy: (context) => {
        this.context = context;
        return { name: "test", onEvent: (event) => onEvent(event, context) };
      },
      observer: { onAction: (action, delayMs) => this.observed.push({ action, delayMs }) },
      runShell: (command) => this.commands.push(command),
      onError: (error, while_) => this.errors.push(`${while_}: ${(error as Error).message}`),
      ...options,
    });
  }

  classes(): string[] {
    return this.answers.map(({ action }) => action.class);
  }
}

const accept = (delayMs: number) => (event: Event) => ({ delayMs, action: event.defaultAction() });

/** Every way a policy can misbehave, and some in which it behaves. */
const chaoticAnswers: readonly ((event: Event) => unknown)[] = [
  accept(0),
  accept(3),
  accept(-5),
  accept(Number.NaN),
  accept(Number.POSITIVE_INFINITY),
  (event) => ({ delayMs: 2, action: event.faultAction() ?? event.defaultAction() }),
  (event) => ({ delayMs: 1, action: new NopAction(event) }),
  () => {
    throw new Error("policy failed");
  },
  () => undefined,
  () => null,
  () => ({}),
  (event) => Promise.resolve(accept(0)(event)),
  () => Promise.reject(new Error("policy failed later")),
  () => ({ delayMs: 1, action: new EventAcceptanceAction(packet("another event")) }),
  () => ({ delayMs: 1, action: new ShellAction("true") }),
  (event) => ({ delayMs: "5", action: event.defaultAction() }),
];

describe("Orchestrator", () => {
  it("answers each event exactly once, whatever the policy, the sink and the observer do", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            answer: fc.nat(chaoticAnswers.length - 1),
            pauseMs: fc.nat(4),
            sinkThrows: fc.boolean(),
            isFile: fc.boolean(),
          }),
          { maxLength: 40 },
        ),
        fc.boolean(),
        async (steps, observerThrows) => {
          const planned = new Map<Event, number>();
          const bench = new Bench(
            (event) => chaoticAnswers[planned.get(event)!]!(event) as Decision,
            observerThrows
              ? {
                  observer: {
                    onAction: () => {
                      throw new Error("observer failed");
                    },
                  },
                }
              : {},
          );
          const answered = new Map<Event, number>();
          for (const step of steps) {
            const event = step.isFile ? new FilesystemEvent("fs", "pre-mkdir", "x") : packet();
            planned.set(event, step.answer);
            bench.orchestrator.submit(event, {
              deliver: (which, action) => {
                if (action.event === which) answered.set(which, (answered.get(which) ?? 0) + 1);
                if (step.sinkThrows) throw new Error("sink failed");
              },
            });
            bench.clock.advance(step.pauseMs);
          }
          bench.orchestrator.stop();
          bench.clock.advance(10);
          await Promise.resolve();
          expect([...planned.keys()].map((event) => answered.get(event))).toEqual(steps.map(() => 1));
          expect(answered.size).toBe(steps.length);
          expect(bench.orchestrator.counts.held).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("answers at once, within the same call, when the delay is 0", () => {
    const bench = new Bench(accept(0));
    bench.orchestrator.submit(packet(), bench.sink);
    expect(bench.classes()).toEqual(["EventAcceptanceAction"]);
    expect(bench.orchestrator.counts).toEqual({ events: 1, delayed: 0, held: 0, errors: 0 });
  });

  it("holds an event for its delay, and has its data copied out before", () => {
    const bench = new Bench(accept(10));
    const event = packet();
    const retain = vi.spyOn(event, "retain");
    bench.orchestrator.submit(event, bench.sink);
    expect(retain).toHaveBeenCalledTimes(1);
    expect(bench.orchestrator.counts).toEqual({ events: 1, delayed: 1, held: 1, errors: 0 });
    bench.clock.advance(9);
    expect(bench.answers).toEqual([]);
    bench.clock.advance(2);
    expect(bench.answers[0]!.event).toBe(event);
    expect(bench.answers[0]!.atMs).toBeGreaterThanOrEqual(10);
  });

  it("lets events overtake each other as their delays say", () => {
    const delays = [30, 10, 20];
    const bench = new Bench((event) => accept(delays.shift()!)(event));
    const events = [packet("a"), packet("b"), packet("c")];
    for (const event of events) bench.orchestrator.submit(event, bench.sink);
    bench.clock.advance(40);
    expect(bench.answers.map(({ event }) => event.replayHint)).toEqual(["b", "c", "a"]);
  });

  it("shows the policy one and the same time while it decides on an event", () => {
    const seen: number[] = [];
    const bench = new Bench((event, context) => {
      seen.push(context.clock.nowMs(), context.clock.nowMs());
      return accept(0)(event);
    });
    bench.orchestrator.submit(packet(), bench.sink);
    bench.orchestrator.submit(packet(), bench.sink);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[3]).toBe(seen[2]);
    expect(seen[2]).toBeGreaterThan(seen[0]!);
    expect(bench.context.clock.nowMs()).toBeGreaterThan(seen[2]!);
  });

  it("takes the next event from within an answer", () => {
    const bench = new Bench(accept(0));
    const order: string[] = [];
    bench.orchestrator.submit(packet("outer"), {
      deliver: (event) => {
        bench.orchestrator.submit(packet("inner"), { deliver: (inner) => order.push(inner.replayHint) });
        order.push(event.replayHint);
      },
    });
    expect(order).toEqual(["inner", "outer"]);
  });

  it("reports each cause once and counts them all", () => {
    const bench = new Bench(() => {
      throw new Error("no idea");
    });
    for (let index = 0; index < 3; index++) bench.orchestrator.submit(packet(), bench.sink);
    bench.orchestrator.submit(new FilesystemEvent("fs", "pre-mkdir", "x"), bench.sink);
    expect(bench.errors).toEqual([
      'policy "test" was deciding on a PacketEvent: no idea',
      'policy "test" was deciding on a FilesystemEvent: no idea',
    ]);
    expect(bench.orchestrator.counts.errors).toBe(4);
    expect(bench.classes()).toEqual(new Array(4).fill("EventAcceptanceAction"));
  });

  it.each([
    ["no delay", Number.NaN],
    ["a delay without end", Number.POSITIVE_INFINITY],
    ["a delay in words", "5" as unknown as number],
  ])("takes %s for no answer: the event is accepted at once and the error reported", (_, delayMs) => {
    const bench = new Bench((event) => ({ delayMs, action: event.faultAction()! }));
    bench.orchestrator.submit(packet(), bench.sink);
    expect(bench.classes()).toEqual(["EventAcceptanceAction"]);
    expect(bench.errors).toEqual([
      'policy "test" was deciding on a PacketEvent: its answer is no decision on that event (an action for it and a finite delayMs)',
    ]);
  });

  it("survives whoever prints its errors", () => {
    const bench = new Bench(
      () => {
        throw new Error("no idea");
      },
      {
        onError: () => {
          throw new Error("printer on fire");
        },
      },
    );
    bench.orchestrator.submit(packet(), bench.sink);
    expect(bench.classes()).toEqual(["EventAcceptanceAction"]);
  });

  it("accepts a held event whose answer only concerns the orchestrator", () => {
    const bench = new Bench((event) => ({ delayMs: 0, action: new NopAction(event) }));
    bench.orchestrator.submit(packet(), bench.sink);
    expect(bench.classes()).toEqual(["EventAcceptanceAction"]);
  });

  it("does not bother the inspector with the answer to what it does not hold", () => {
    const bench = new Bench(accept(0));
    bench.orchestrator.submit(new NoticeEvent("somebody"), bench.sink);
    expect(bench.answers).toEqual([]);
    expect(bench.observed.map(({ action }) => action.class)).toEqual(["NopAction"]);
  });

  it("accepts everything that is held when it stops, once, and everything that comes later at once", () => {
    const bench = new Bench((event) => ({ delayMs: 1000, action: event.faultAction()! }));
    for (let index = 0; index < 1000; index++) bench.orchestrator.submit(packet(), bench.sink);
    bench.orchestrator.stop();
    bench.orchestrator.stop();
    bench.orchestrator.submit(packet(), bench.sink);
    expect(bench.classes()).toEqual(new Array(1001).fill("EventAcceptanceAction"));
    bench.clock.advance(1100);
    expect(bench.answers.length).toBe(1001);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("accepts everything unseen while it is disabled", () => {
    const bench = new Bench((event) => ({ delayMs: 0, action: event.faultAction()! }));
    bench.orchestrator.setEnabled(false);
    bench.orchestrator.submit(packet(), bench.sink);
    bench.orchestrator.setEnabled(true);
    bench.orchestrator.submit(packet(), bench.sink);
    expect(bench.classes()).toEqual(["EventAcceptanceAction", "PacketFaultAction"]);
  });

  it("accepts an event that cannot be kept", () => {
    const bench = new Bench(accept(10));
    const event = packet();
    event.retain = () => {
      throw new Error("out of memory");
    };
    bench.orchestrator.submit(event, bench.sink);
    expect(bench.classes()).toEqual(["EventAcceptanceAction"]);
    expect(bench.errors).toEqual(["a PacketEvent was being kept: out of memory"]);
  });

  it("runs shell commands and tells the observer of them", () => {
    const bench = new Bench(accept(0));
    bench.context.emit(new ShellAction("echo hello"));
    expect(bench.commands).toEqual(["echo hello"]);
    expect(bench.observed.map(({ action }) => action.class)).toEqual(["ShellAction"]);
  });

  it("refuses a free-standing action that answers nothing", () => {
    const bench = new Bench(accept(0));
    bench.context.emit(new EventAcceptanceAction(undefined));
    expect(bench.errors).toEqual([
      "a EventAcceptanceAction was being carried out: a EventAcceptanceAction answers no event",
    ]);
  });

  it("calls the policy's timers until it stops, and goes on when one throws", () => {
    const bench = new Bench(accept(0));
    let ticks = 0;
    bench.context.every(10, () => {
      ticks += 1;
      if (ticks === 1) throw new Error("bad start");
    });
    bench.clock.advance(35);
    expect(ticks).toBe(3);
    bench.orchestrator.stop();
    bench.context.every(10, () => {
      ticks += 100;
    });
    bench.clock.advance(50);
    expect(ticks).toBe(3);
    expect(bench.errors).toEqual(['policy "test" had its timer called: bad start']);
  });

  it("tells the observer of each action with the delay it was given", () => {
    const delays = [0, 5];
    const bench = new Bench((event) => accept(delays.shift()!)(event));
    bench.orchestrator.submit(packet(), bench.sink);
    bench.orchestrator.submit(packet(), bench.sink);
    bench.clock.advance(7);
    expect(bench.observed.map(({ delayMs }) => delayMs)).toEqual([0, 5]);
  });

  it("shows the policy the environment that it was given", () => {
    const bench = new Bench(accept(0), { environment: { NMZ_REPLAY_SEED: "14" } });
    expect(bench.context.environment).toEqual({ NMZ_REPLAY_SEED: "14" });
  });
});
