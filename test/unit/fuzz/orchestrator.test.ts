import fc from "fast-check";
import { afterEach, beforeEach, describe, vi } from "vitest";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicy, type Decision, type PolicyContext } from "../../../src/policy/index.js";
import { LineBytes, TraceLines } from "../../../src/record/index.js";
import {
  Action,
  type Event,
  EventAcceptanceAction,
  FilesystemEvent,
  FilesystemFaultAction,
  JavaFunctionEvent,
  LogEvent,
  NopAction,
  PacketEvent,
  PacketFaultAction,
  ProcSetEvent,
  ShellAction,
} from "../../../src/signal/index.js";
import { packet } from "../policy/policy-harness.js";
import { SteppingClock } from "../util/stepping-clock.js";
import { fuzz } from "./fuzz.js";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "setInterval", "clearInterval"],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const thrower = (): never => {
  throw new Error("junk");
};

/** An action that looks like one until it is asked. */
class TrapAction extends Action {
  readonly class = "TrapAction";

  constructor(event: Event) {
    super(event);
    Object.defineProperty(this, "isDelivered", { get: thrower });
  }
}

/** An answer that is another one each time it is looked at. */
function shifty(event: Event, delays: readonly unknown[], actions: readonly unknown[]): unknown {
  let looks = 0;
  return {
    get delayMs() {
      return delays[looks++ % delays.length];
    },
    get action() {
      return actions[looks % actions.length] ?? event.defaultAction();
    },
  };
}

const answers: readonly ((event: Event, orchestrator: Orchestrator) => unknown)[] = [
  (event) => ({ delayMs: 0, action: event.defaultAction() }),
  (event) => ({ delayMs: 3, action: event.faultAction() ?? event.defaultAction() }),
  (event) => ({ delayMs: 0.4, action: new EventAcceptanceAction(event) }),
  (event) => ({ delayMs: 1, action: new NopAction(event) }),
  (event) => ({ delayMs: 2 ** 40, action: event.defaultAction() }),
  (event) => ({ delayMs: -1, action: new PacketFaultAction(event) }),
  (event) => ({ delayMs: 1, action: new FilesystemFaultAction(event) }),
  (event) => ({ delayMs: Number.NaN, action: event.defaultAction() }),
  (event) => ({ delayMs: "5", action: event.defaultAction() }),
  (event) => ({ delayMs: 5n, action: event.defaultAction() }),
  (event) => ({ delayMs: 1, action: { event, class: "Junk", isDelivered: true } }),
  (event) => ({ delayMs: 0, action: { event } }),
  (event) => ({ delayMs: 2, action: new TrapAction(event) }),
  (event) => ({ delayMs: 0, action: new TrapAction(event) }),
  (event) => shifty(event, [2, Number.NaN, "x"], []),
  (event) => shifty(event, [1, 1, 1], [undefined, undefined, null]),
  () => ({ delayMs: 1, action: new EventAcceptanceAction(packet("another")) }),
  () => ({ delayMs: 1, action: new ShellAction("true") }),
  () => ({
    get action() {
      return thrower();
    },
    delayMs: 1,
  }),
  thrower,
  () => {
    throw null;
  },
  () => undefined,
  () => 7,
  () => new Proxy({}, { get: thrower }),
  () => Promise.reject(new Error("later")),
  (event, orchestrator) => {
    orchestrator.stop();
    return { delayMs: 5, action: event.defaultAction() };
  },
  (event, orchestrator) => {
    orchestrator.setEnabled(false);
    return { delayMs: 1, action: event.defaultAction() };
  },
];

const makers: readonly (() => Event)[] = [
  () => packet("a packet"),
  () => new FilesystemEvent("fs", "pre-mkdir", "a/b"),
  () => new ProcSetEvent("proc", [1, 2, 3]),
  () => new LogEvent("log", { srcEntity: "entity-10.0.0.1:514", message: "line", replayHint: "h" }),
  () => new JavaFunctionEvent("jvm", { type: "call", functionName: "f" }),
  () => {
    const broken = {
      srcEntity: "a",
      dstEntity: "b",
      bytes: new Uint8Array(0),
      replayHint: "h",
      retain: thrower,
    };
    return new PacketEvent("net", broken);
  },
];

const step = fc.record({
  event: fc.nat(makers.length - 1),
  answer: fc.nat(answers.length - 1),
  pauseMs: fc.nat(4),
  /** What the sink does with an answer: nothing, throw, send another event, stop everything. */
  sink: fc.nat(6),
});
const runs = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
  stopAfter: fc.nat(12),
  observerThrows: fc.boolean(),
});

describe("Events in the orchestrator", () => {
  fuzz("policies gone mad", 20_000, runs, ({ steps, stopAfter, observerThrows }) => {
    const clock = new SteppingClock();
    const planned = new Map<Event, number>();
    const answered = new Map<Event, number>();
    const orchestrator: Orchestrator = new Orchestrator({
      seed: "fuzz",
      clock,
      cpuCount: 2,
      environment: {},
      createPolicy: () => ({
        name: "mad",
        onEvent: (event) => answers[planned.get(event) ?? 0]!(event, orchestrator) as Decision,
      }),
      observer: {
        onAction: (action, delayMs) => {
          if (observerThrows) thrower();
          if (action.event === undefined) return;
          const line = new LineBytes(256);
          new TraceLines(line).write(action, { atMs: clock.nowMs(), arrivedMs: 0, delayMs });
          JSON.parse(Buffer.from(line.gathered).toString("utf8"));
        },
      },
    });
    const submit = (event: Event, answer: number, sink: number): void => {
      planned.set(event, answer);
      orchestrator.submit(event, {
        deliver: (which, action) => {
          if (which !== event || action.event !== event) throw new Error("somebody else's answer");
          if (!(action instanceof Action)) throw new Error("an answer that is no action");
          answered.set(event, (answered.get(event) ?? 0) + 1);
          if (sink === 1) thrower();
          if (sink === 2) submit(makers[answer % makers.length]!(), (answer + 1) % answers.length, 0);
          if (sink === 3) orchestrator.stop();
        },
      });
    };
    for (const [index, { event, answer, pauseMs, sink }] of steps.entries()) {
      if (index === stopAfter) orchestrator.stop();
      submit(makers[event]!(), answer, sink);
      clock.advance(pauseMs);
    }
    clock.advance(6);
    orchestrator.stop();
    orchestrator.stop();
    for (const event of planned.keys()) {
      const times = answered.get(event) ?? 0;
      // What nobody holds needs no answer.
      if (event.deferred ? times !== 1 : times > 1) {
        throw new Error(`a ${event.class} with answer ${planned.get(event)} was answered ${times} times`);
      }
    }
    if (orchestrator.counts.held !== 0) throw new Error(`${orchestrator.counts.held} held after the end`);
  });

  const policyRuns = fc.record({
    name: fc.constantFrom("random", "dumb", "replayable"),
    params: fc.constantFrom<Readonly<Record<string, unknown>>>(
      {},
      { interval: "2ms" },
      { maxInterval: "5ms" },
      { minInterval: "1ms", maxInterval: "3ms", faultActionProbability: 0.5 },
      { procPolicy: "extreme" },
      { procPolicy: "dirichlet" },
      { seed: "s", maxInterval: 0 },
    ),
    seed: fc.string({ maxLength: 8 }),
    events: fc.array(fc.tuple(fc.nat(makers.length - 1), fc.nat(3)), { maxLength: 12 }),
  });
  fuzz("our own policies", 10_000, policyRuns, ({ name, params, seed, events }) => {
    const clock = new SteppingClock();
    const answered = new Map<Event, number>();
    const create = (context: PolicyContext) => {
      try {
        return createPolicy(name, params, context);
      } catch {
        return createPolicy(name, {}, context); // the parameters of another policy
      }
    };
    const orchestrator = new Orchestrator({
      seed,
      clock,
      cpuCount: 2,
      environment: {},
      createPolicy: create,
    });
    const sink = { deliver: (event: Event) => answered.set(event, (answered.get(event) ?? 0) + 1) };
    const all = events.map(([maker, pauseMs]) => {
      const event = makers[maker]!();
      orchestrator.submit(event, sink);
      clock.advance(pauseMs);
      return event;
    });
    orchestrator.stop();
    for (const event of all) {
      if (event.deferred && answered.get(event) !== 1)
        throw new Error(`a ${event.class} was not answered once`);
    }
  });
});
