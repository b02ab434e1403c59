/** What `nmz policies new` writes: every part of a policy once, each with what it is for. */
export function starterPolicy(name: string): string {
  return `import { definePolicy, duration, probability } from "nmzc";

// A policy answers each intercepted event (a packet, a file operation, a log line, …) with an action and a time.
// Name this file in a config: explorePolicy = "./${name}.ts"; the keys below go into [explorePolicyParam].
export default definePolicy({
  name: "${name}",
  summary: "Now and then a packet or a file operation is late.",
  params: {
    late: duration(80, { meaning: "how late" }),
    chance: probability(0.1, { meaning: "chance that an event is late" }),
  },
  // Called once a run. What it keeps lives as long as the run.
  create({ params, randomFor, accept, delay }) {
    return {
      onEvent(event) {
        // Events that nobody holds (log lines) only inform; there is nothing to delay.
        if (!event.deferred) return accept(event);
        // Chance comes from the run's seed, this event's replay hint and how often that has come: the same seed on the
        // same workload decides the same. Math.random() would not.
        return randomFor(event).next() < params.chance ? delay(event, params.late) : accept(event);
      },
    };
  },
});
`;
}

/** The test beside it. */
export function starterTest(name: string): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { PolicyTrial } from "nmzc";
import policy from "./${name}.ts";

test("an event is late as often as asked", async () => {
  const trial = new PolicyTrial(policy, { late: "30ms", chance: 0.25 });
  let late = 0;
  for (let index = 0; index < 1000; index++) {
    const { delayMs } = await trial.ask(trial.packet({ hint: \`packet \${index}\` }));
    if (delayMs === 30) late += 1;
  }
  assert.ok(late > 180 && late < 320, \`\${late} of 1000\`);
});

test("the same seed decides the same", async () => {
  const decide = async (seed: string) => {
    const trial = new PolicyTrial(policy, { chance: 0.5 }, { seed });
    const delays = [];
    for (let index = 0; index < 100; index++) {
      delays.push((await trial.ask(trial.file("pre-fsync", \`file \${index}\`))).delayMs);
    }
    return delays;
  };
  assert.deepEqual(await decide("7c1e"), await decide("7c1e"));
  assert.notDeepEqual(await decide("7c1e"), await decide("b04d"));
});

test("a wrong parameter is refused", () => {
  assert.throws(() => new PolicyTrial(policy, { chance: 2 }), /chance: expected a number from 0 to 1/);
});
`;
}
