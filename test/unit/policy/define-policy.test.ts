import { describe, expect, it } from "vitest";
import { duration } from "../../../src/config/index.js";
import {
  type AuthorContext,
  createPolicyFrom,
  definePolicy,
  type Policy,
  PolicyTrial,
} from "../../../src/policy/index.js";
import { FilesystemEvent, PacketEvent, ProcSetEvent } from "../../../src/signal/index.js";
import { NoticeEvent, packet, TestContext } from "./policy-harness.js";

function made<Params extends object>(
  onEvent: (context: AuthorContext<Params>) => Policy["onEvent"],
  context = new TestContext(),
): Policy {
  const entry = definePolicy({
    name: "mine",
    create: (given) => ({ onEvent: onEvent(given as unknown as AuthorContext<Params>) }),
  });
  return createPolicyFrom(entry, {}, context);
}

describe("definePolicy", () => {
  it("gives a policy its parameters, read and checked", () => {
    const entry = definePolicy({
      name: "mine",
      params: { late: duration(80, { meaning: "how late" }) },
      check: ({ late }) =>
        late > 100 ? { path: ["late"], kind: "wrong", expected: "at most 100ms", got: late } : undefined,
      create: ({ params, delay }) => ({ onEvent: (event) => delay(event, params.late) }),
    });
    const policy = (params: Record<string, unknown>) => createPolicyFrom(entry, params, new TestContext());
    expect(policy({}).onEvent(packet())).toMatchObject({ delayMs: 80 });
    expect(policy({ LATE: "5ms" }).onEvent(packet())).toMatchObject({ delayMs: 5 });
    expect(() => policy({ late: "1s" })).toThrow('policy "mine": late: expected at most 100ms, got 1000');
    expect(() => policy({ latte: 1 })).toThrow('unknown key "latte"; did you mean "late"?');
  });

  it("has a word for each answer", () => {
    const file = new FilesystemEvent("fs", "pre-mkdir", "x");
    const answersOf = (event: typeof file | ReturnType<typeof packet> | NoticeEvent) =>
      [
        made(({ accept }) => accept),
        made(
          ({ delay }) =>
            (each) =>
              delay(each, 7),
        ),
        made(
          ({ fault }) =>
            (each) =>
              fault(each),
        ),
        made(({ drop }) => drop),
        made(
          ({ holdUntil, clock }) =>
            (each) =>
              holdUntil(each, clock.nowMs() + 9),
        ),
      ].map((policy) => {
        const { delayMs, action } = policy.onEvent(event) as { delayMs: number; action: { class: string } };
        return [action.class, delayMs];
      });
    const accepted = "EventAcceptanceAction";
    expect(answersOf(packet())).toEqual([
      [accepted, 0],
      [accepted, 7],
      ["PacketFaultAction", 0],
      ["PacketFaultAction", 0],
      [accepted, 9],
    ]);
    expect(answersOf(file)).toEqual([
      [accepted, 0],
      [accepted, 7],
      ["FilesystemFaultAction", 0],
      [accepted, 0],
      [accepted, 9],
    ]);
    expect(answersOf(new NoticeEvent("log")).map(([action]) => action)).toEqual(
      new Array(5).fill("NopAction"),
    );
  });

  it("holds an event until a promise is kept, or broken", async () => {
    for (const until of [Promise.resolve(), Promise.reject(new Error("never mind"))]) {
      const event = packet();
      const answer = made(
        ({ holdUntil }) =>
          (each) =>
            holdUntil(each, until),
      ).onEvent(event);
      expect(await answer).toMatchObject({ delayMs: 0, action: { event, class: "EventAcceptanceAction" } });
    }
  });

  it("gives an event one source of chance, however often it is asked for", () => {
    const context = new TestContext();
    const drawn: number[] = [];
    const policy = made(
      ({ randomFor }) =>
        (event) =>
          void drawn.push(randomFor(event).next(), randomFor(event).next()),
      context,
    );
    policy.onEvent(packet());
    policy.onEvent(packet());
    const plain = new TestContext();
    const expected = [plain.randomFor(packet()), plain.randomFor(packet())].flatMap((r) => [
      r.next(),
      r.next(),
    ]);
    expect(drawn).toEqual(expected);
    expect(context.draws).toBe(2);
  });

  it("hands on what the policy does beside answering", () => {
    const context = new TestContext();
    made(({ log, every, after, randomNamed }) => {
      log("hello");
      every(10, () => {});
      after(20, () => {});
      expect(randomNamed("a").next()).toBe(randomNamed("a").next());
      expect(randomNamed("a").next()).not.toBe(randomNamed("b").next());
      return () => {};
    }, context);
    expect(context.lines).toEqual(["hello"]);
    expect(context.timers.map(({ periodMs }) => periodMs)).toEqual([10, 20]);
  });

  it.each<[string, unknown, string]>([
    ["nothing", undefined, "its name must be a word"],
    [
      "a name with a blank",
      { name: "my policy", create() {} },
      'policy "my policy": its name must be a word',
    ],
    ["no create", { name: "mine" }, "it has no function create(context)"],
    ["no time to answer", { name: "mine", create() {}, answerWithinMs: 0 }, "answerWithinMs must be"],
    [
      "a bare value as a parameter",
      { name: "mine", create() {}, params: { a: 1 } },
      "params.a is no kind of key",
    ],
  ])("refuses %s", (_, definition, message) => {
    expect(() => definePolicy(definition as never)).toThrow(message);
  });

  it("refuses a create that makes no policy", () => {
    const entry = definePolicy({ name: "mine", create: (() => undefined) as never });
    expect(() => createPolicyFrom(entry, {}, new TestContext())).toThrow(
      "create returned no { onEvent(event)",
    );
  });
});

describe("context.fault", () => {
  const entry = definePolicy({
    name: "faulty",
    create: ({ fault }) => ({
      onEvent(event) {
        if (event instanceof FilesystemEvent) return fault(event, { kind: "errno", errno: "ENOSPC" }, 5);
        if (event instanceof PacketEvent) return fault(event, { kind: "duplicate", copies: 2 });
        if (event instanceof ProcSetEvent)
          return fault(event, { kind: "pause", forMs: 10, process: "*", place: 0 });
        return fault(event, { kind: "drop" } as never);
      },
    }),
  });

  it("makes any fault of the event's class", async () => {
    const trial = new PolicyTrial(entry);
    expect(await trial.ask(trial.file())).toMatchObject({
      delayMs: 5,
      action: { fault: { errno: "ENOSPC" } },
    });
    expect(await trial.ask(trial.packet())).toMatchObject({ delayMs: 0, action: { fault: { copies: 2 } } });
    const paused = await trial.ask(new ProcSetEvent("proc", [1]));
    expect(paused.action).toMatchObject({ class: "ProcFaultAction", fault: { kind: "pause" } });
  });

  it("refuses one that the event cannot have", async () => {
    const trial = new PolicyTrial(entry);
    await expect(trial.ask(trial.log("x"))).rejects.toThrow('a LogEvent has no fault "drop"');
  });
});
