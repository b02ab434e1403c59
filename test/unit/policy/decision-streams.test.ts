import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPolicy, DecisionStreams } from "../../../src/policy/index.js";
import { packet, TestContext } from "./policy-harness.js";

describe("DecisionStreams", () => {
  it("decides on an event the same whatever else comes in between", () => {
    const eventKey = fc.record({
      entity: fc.constantFrom("net", "fs", "proc"),
      hint: fc.string({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(eventKey, { maxLength: 200 }),
        fc.infiniteStream(fc.boolean()),
        (seed, keys, others) => {
          const decide = (streams: DecisionStreams, key: { entity: string; hint: string }): number =>
            streams.randomFor(packet(key.hint, key.entity)).next();
          // Alone, one key after the other …
          const alone = new Map<string, number[]>();
          const first = new DecisionStreams(seed);
          const identity = (key: { entity: string; hint: string }): string => JSON.stringify(key);
          const grouped = [...keys].sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
          for (const key of grouped) {
            alone.set(identity(key), [...(alone.get(identity(key)) ?? []), decide(first, key)]);
          }
          // … and in the order of arrival, among the traffic of others.
          const mixed = new DecisionStreams(seed);
          const seen = new Map<string, number[]>();
          for (const [index, key] of keys.entries()) {
            if (others.next().value) decide(mixed, { entity: "other", hint: String(index) });
            seen.set(identity(key), [...(seen.get(identity(key)) ?? []), decide(mixed, key)]);
          }
          expect(seen).toEqual(alone);
        },
      ),
    );
  });

  it("keeps 100,000 other hints from changing a decision", () => {
    const decisions = (noise: number): number[] => {
      const streams = new DecisionStreams("seed");
      for (let index = 0; index < noise; index++) streams.randomFor(packet(`noise ${index}`));
      return Array.from({ length: 1000 }, (_, index) =>
        streams.randomFor(packet(`hint ${index % 500}`)).next(),
      );
    };
    expect(decisions(100_000)).toEqual(decisions(0));
  });

  it("goes on deciding when more hints have come than it can count exactly", () => {
    const streams = new DecisionStreams("seed");
    for (let index = 0; index < 850_000; index++) streams.randomFor(packet(`hint ${index}`));
    const [again, other] = [
      streams.randomFor(packet("hint 849999")),
      streams.randomFor(packet("hint 849999")),
    ];
    expect(again.next()).not.toBe(other.next());
  });

  it("tells seeds, entities, hints and occurrences apart", () => {
    const draw = (seed: string, entity: string, hint: string, occurrence: number): number => {
      const streams = new DecisionStreams(seed);
      for (let index = 1; index < occurrence; index++) streams.randomFor(packet(hint, entity));
      return streams.randomFor(packet(hint, entity)).next();
    };
    const draws = [
      draw("s", "e", "h", 1),
      draw("t", "e", "h", 1),
      draw("s", "f", "h", 1),
      draw("s", "e", "i", 1),
      draw("s", "e", "h", 2),
    ];
    expect(new Set(draws).size).toBe(5);
  });

  it("gives what is about no event a stream of its own", () => {
    const streams = new DecisionStreams("seed");
    expect(streams.named("policy").next()).toBe(new DecisionStreams("seed").named("policy").next());
    expect(streams.named("policy").next()).not.toBe(streams.named("other").next());
  });
});

describe("a recorded seed", () => {
  it("decides today as it did when it was recorded", () => {
    const policy = createPolicy(
      "random",
      { minInterval: "5ms", maxInterval: "50ms", faultActionProbability: 0.3 },
      new TestContext("c0ffee0123456789"),
    );
    const hints = ["tcp:out:a", "tcp:out:a", "tcp:in:b", "", "日本"];
    const decisions = hints.map((hint) => policy.onEvent(packet(hint)));
    expect(
      decisions.map(({ delayMs, action }) => `${delayMs.toFixed(6)} ${action.class}`),
    ).toMatchInlineSnapshot(`
      [
        "19.408741 EventAcceptanceAction",
        "24.822156 EventAcceptanceAction",
        "42.598962 PacketFaultAction",
        "22.311416 EventAcceptanceAction",
        "27.424916 PacketFaultAction",
      ]
    `);
  });
});
