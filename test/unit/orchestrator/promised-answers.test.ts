import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import type { Answer, Policy } from "../../../src/policy/index.js";
import { type Action, type Event, EventAcceptanceAction } from "../../../src/signal/index.js";
import { packet } from "../policy/policy-harness.js";
import { SteppingClock } from "../util/stepping-clock.js";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "setInterval", "clearInterval"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

class Bench {
  readonly clock = new SteppingClock();
  readonly answers: { hint: string; action: string; atMs: number }[] = [];
  readonly errors: string[] = [];
  readonly observed: number[] = [];
  readonly orchestrator: Orchestrator;
  readonly lines: string[] = [];

  constructor(onEvent: Policy["onEvent"], more: Partial<Policy> = {}, logged = 1) {
    this.orchestrator = new Orchestrator({
      seed: "test",
      clock: this.clock,
      cpuCount: 2,
      createPolicy: ({ log }) => {
        log("hello");
        for (let line = 2; line <= logged; line++) setImmediate(() => log(String(line)));
        return { name: "test", onEvent, ...more };
      },
      observer: { onAction: (_, delayMs) => this.observed.push(delayMs) },
      onError: (error, while_) => this.errors.push(`${while_}: ${(error as Error).message}`),
      onLog: (line) => this.lines.push(line),
    });
  }

  submit(hint = "hint"): Event {
    const event = packet(hint);
    this.orchestrator.submit(event, {
      deliver: (answered: Event, action: Action) =>
        this.answers.push({
          hint: answered.replayHint,
          action: action.class,
          atMs: Math.floor(this.clock.nowMs()),
        }),
    });
    return event;
  }

  actions(): string[] {
    return this.answers.map(({ action }) => action);
  }
}

describe("A promised answer", () => {
  it("holds the event until it is given, and others go on meanwhile", async () => {
    const gate = deferred();
    const bench = new Bench((event) =>
      event.replayHint === "slow"
        ? gate.promise.then(() => ({ delayMs: 5, action: event.faultAction()! }))
        : { delayMs: 0, action: event.defaultAction() },
    );
    bench.submit("slow");
    bench.submit("quick");
    bench.clock.advance(20);
    expect(bench.orchestrator.counts).toMatchObject({ events: 2, held: 1, errors: 0 });
    gate.resolve();
    await settled();
    bench.clock.advance(7);
    expect(bench.answers.map(({ hint, action }) => [hint, action])).toEqual([
      ["quick", "EventAcceptanceAction"],
      ["slow", "PacketFaultAction"],
    ]);
    expect(bench.answers[1]!.atMs).toBeGreaterThanOrEqual(25);
    expect(bench.observed[1]).toBeGreaterThanOrEqual(25);
    expect(bench.orchestrator.counts).toMatchObject({ delayed: 1, held: 0 });
  });

  it("may be nothing: the event goes on", async () => {
    const bench = new Bench(async () => {});
    bench.submit();
    await settled();
    expect(bench.actions()).toEqual(["EventAcceptanceAction"]);
    expect(bench.errors).toEqual([]);
  });

  it.each<[string, (event: Event) => PromiseLike<Answer>, string]>([
    ["broken", () => Promise.reject(new Error("no idea")), "no idea"],
    [
      "for another event",
      async () => ({ delayMs: 0, action: new EventAcceptanceAction(packet()) }),
      "no decision",
    ],
    ["junk", async () => 7 as never, "no decision"],
    ["without end", async (event) => ({ delayMs: Number.NaN, action: event.defaultAction() }), "no decision"],
    [
      "of a thenable that throws",
      () => {
        return thenable(() => {
          throw new Error("thenable");
        });
      },
      "thenable",
    ],
  ])("that is %s is acceptance, and reported once", async (_, onEvent, message) => {
    const bench = new Bench(onEvent);
    bench.submit();
    bench.submit();
    await settled();
    await settled();
    expect(bench.actions()).toEqual(["EventAcceptanceAction", "EventAcceptanceAction"]);
    expect(bench.errors).toEqual([
      expect.stringMatching(`^policy "test" was deciding on a PacketEvent: .*${message}`),
    ]);
  });

  it("counts once when a thenable gives it twice", async () => {
    const bench = new Bench((event) => {
      const yes = { delayMs: 0, action: event.faultAction()! };
      const no = { delayMs: 0, action: event.defaultAction() };
      return thenable((keep: (answer: unknown) => void) => {
        keep(yes);
        keep(no);
      });
    });
    bench.submit();
    await settled();
    await settled();
    expect(bench.actions()).toEqual(["PacketFaultAction"]);
  });

  it("is given up on after its bound: the event goes on, which is said once, and a late answer changes nothing", async () => {
    const gates: ((answer: Answer) => void)[] = [];
    const bench = new Bench(() => new Promise<Answer>((resolve) => gates.push(resolve)), {
      answerWithinMs: 50,
    });
    const first = bench.submit("first");
    bench.clock.advance(30);
    bench.submit("second");
    bench.clock.advance(25);
    expect(bench.answers.map(({ hint }) => hint)).toEqual(["first"]);
    bench.clock.advance(30);
    expect(bench.answers.map(({ hint }) => hint)).toEqual(["first", "second"]);
    gates[0]!({ delayMs: 0, action: first.faultAction()! });
    await settled();
    expect(bench.actions()).toEqual(["EventAcceptanceAction", "EventAcceptanceAction"]);
    expect(bench.errors).toEqual([
      'policy "test" was awaited on a PacketEvent: it gave no answer within 50ms',
    ]);
    expect(bench.orchestrator.counts).toMatchObject({ held: 0, errors: 2 });
  });

  it("is waited for ten seconds when the policy says nothing of it", () => {
    const bench = new Bench(() => new Promise<Answer>(() => {}));
    bench.submit();
    bench.clock.advance(9_990);
    expect(bench.answers).toEqual([]);
    bench.clock.advance(20);
    expect(bench.actions()).toEqual(["EventAcceptanceAction"]);
  });

  it("that is broken late is reported, once", async () => {
    let fail = (_: Error): void => {};
    const late = new Promise<Answer>((_, reject) => {
      fail = reject;
    });
    const bench = new Bench(() => late, { answerWithinMs: 5 });
    bench.submit();
    bench.clock.advance(10);
    fail(new Error("too late"));
    await settled();
    expect(bench.actions()).toEqual(["EventAcceptanceAction"]);
    expect(bench.errors[1]).toBe('policy "test" was deciding on a PacketEvent: too late');
  });

  it("is acceptance when the orchestrator stops, and no timer stays behind", async () => {
    let fail = (_: Error): void => {};
    const bench = new Bench(
      () =>
        new Promise<Answer>((_, reject) => {
          fail = reject;
        }),
    );
    for (let count = 0; count < 100; count++) bench.submit();
    bench.clock.advance(2);
    bench.orchestrator.stop();
    fail(new Error("the run is over"));
    await settled();
    expect(bench.actions()).toEqual(new Array(100).fill("EventAcceptanceAction"));
    expect(bench.errors).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("A policy", () => {
  it("may say what it likes, up to a thousand lines", () => {
    const bench = new Bench(() => {}, {}, 2000);
    bench.clock.advance(1);
    expect(bench.lines.length).toBe(1000);
    expect([bench.lines[0], bench.lines[999]]).toEqual([
      "policy: hello",
      'policy "test": 1000 (what else it says is not shown)',
    ]);
  });

  it("cannot make what it quotes look like lines of ours", () => {
    const lines: string[] = [];
    new Orchestrator({
      seed: "test",
      cpuCount: 2,
      createPolicy: ({ log }) => {
        log("it logged: leader\nnmz: all is well");
        return { name: "test", onEvent: () => {} };
      },
      onLog: (line) => lines.push(line),
    });
    expect(lines).toEqual(["policy: it logged: leader\\nnmz: all is well"]);
  });

  it("is told of the end, and has a second for it", async () => {
    let isClosed = false;
    const quick = new Bench(() => {}, {
      close: async () => {
        isClosed = true;
      },
    });
    await quick.orchestrator.closePolicy();
    expect(isClosed).toBe(true);
    const slow = new Bench(() => {}, { close: () => new Promise(() => {}) });
    const closing = slow.orchestrator.closePolicy();
    slow.clock.advance(1001);
    await closing;
    const failing = new Bench(() => {}, {
      close: () => {
        throw new Error("stuck");
      },
    });
    await failing.orchestrator.closePolicy();
    expect(failing.errors).toEqual(['policy "test" was being closed: stuck']);
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** What a policy in JavaScript may return: no promise, but with a `then`. */
function thenable(then: (keep: (answer: unknown) => void) => void): PromiseLike<Answer> {
  // biome-ignore lint/suspicious/noThenProperty: a promise of somebody else's making is what is tested
  return Object.defineProperty({}, "then", { value: then }) as PromiseLike<Answer>;
}
