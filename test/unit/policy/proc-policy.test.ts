import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPolicy } from "../../../src/policy/index.js";
import { ProcSetEvent, type ProcSetSchedAction, type SchedAttributes } from "../../../src/signal/index.js";
import { TestContext } from "./policy-harness.js";

const [normal, roundRobin, batch, deadline] = [0, 2, 3, 6];

/** A policy for threads, as a function from thread ids to their attributes. */
function scheduler(
  procPolicy: string,
  procPolicyParam: Record<string, unknown> = {},
  cpuCount = 2,
  seed = "test",
) {
  const policy = createPolicy("random", { procPolicy, procPolicyParam }, new TestContext(seed, cpuCount));
  return (threadIds: readonly number[]): Map<number, SchedAttributes> => {
    const action = policy.onEvent(new ProcSetEvent("proc", threadIds)).action as ProcSetSchedAction;
    expect(Object.keys(action.attributes).map(Number)).toEqual([...threadIds].sort((a, b) => a - b));
    return new Map(Object.entries(action.attributes).map(([id, attributes]) => [Number(id), attributes]));
  };
}

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

function share(threads: Map<number, SchedAttributes>, policy: number): number {
  return [...threads.values()].filter((attributes) => attributes.Policy === policy).length / threads.size;
}

describe("every proc policy", () => {
  it.each(["mild", "extreme", "dirichlet"])("%s has nothing to say about no threads", (procPolicy) => {
    expect(scheduler(procPolicy)([]).size).toBe(0);
  });

  it.each(["mild", "extreme", "dirichlet"])("%s repeats itself from the same seed", (procPolicy) => {
    const [one, two] = [scheduler(procPolicy), scheduler(procPolicy)];
    for (let sweep = 0; sweep < 5; sweep++) expect(two(range(10, 20))).toEqual(one(range(10, 20)));
  });
});

describe("mild", () => {
  it("gives every thread SCHED_BATCH and a nice value, uniform from -20 to 19", () => {
    const schedule = scheduler("mild");
    const counts = new Array<number>(40).fill(0);
    for (let sweep = 0; sweep < 100; sweep++) {
      for (const attributes of schedule(range(1, 200)).values()) {
        expect(attributes).toEqual({
          Policy: batch,
          Flags: 0,
          Nice: attributes.Nice,
          Priority: 0,
          Runtime: 0,
          Deadline: 0,
          Period: 0,
        });
        counts[attributes.Nice + 20]! += 1;
      }
    }
    expect(counts.reduce((sum, seen) => sum + (seen - 500) ** 2 / 500, 0)).toBeLessThan(72.1); // 39 degrees, p = 0.001
  });

  it("uses SCHED_NORMAL when useBatch is off", () => {
    expect(share(scheduler("mild", { useBatch: false })(range(1, 50)), normal)).toBe(1);
  });
});

describe("extreme", () => {
  it("makes as many threads real-time as draws with replacement hit, the rest SCHED_BATCH at nice 0", () => {
    const schedule = scheduler("extreme", { prioritized: 3 });
    let realTime = 0;
    for (let sweep = 0; sweep < 2000; sweep++) {
      const threads = schedule(range(1, 10));
      const some = share(threads, roundRobin) * 10;
      expect(some).toBeGreaterThanOrEqual(1);
      expect(some).toBeLessThanOrEqual(3);
      realTime += some;
      for (const attributes of threads.values()) {
        if (attributes.Policy === batch) expect([attributes.Nice, attributes.Priority]).toEqual([0, 0]);
      }
    }
    expect(realTime / 2000).toBeCloseTo(10 * (1 - 0.9 ** 3), 1); // 2.71
  });

  it("draws every legal priority from 1 to 9 and no other", () => {
    const schedule = scheduler("extreme", { prioritized: 1000 });
    const realTime = [...schedule(range(1, 200)).values()].filter(({ Policy }) => Policy === roundRobin);
    expect(new Set(realTime.map(({ Priority }) => Priority))).toEqual(new Set(range(1, 9)));
    const [newborn] = schedule([1000]).values(); // 1 - (1 - 1/201)^1000 = 0.993
    expect(newborn!.Priority).toBeGreaterThanOrEqual(1);
  });

  it("makes nobody real-time when nobody is to be drawn", () => {
    expect(share(scheduler("extreme", { prioritized: 0 })(range(1, 50)), batch)).toBe(1);
  });

  it("gives newborns the chance that a sweep would have given them", () => {
    const schedule = scheduler("extreme", { prioritized: 3 });
    let [born, realTime] = [0, 0];
    for (let sweep = 0; sweep < 400; sweep++) {
      const living = range(sweep * 1000, 99);
      schedule(living);
      schedule(living); // now they are known for sure
      const [newborn] = schedule([sweep * 1000 + 500]).values();
      born += 1;
      if (newborn!.Policy === roundRobin) realTime += 1;
    }
    // 1 - (1 - 1/100)^3 = 0.0297 of 400 is 12; a newborn that always won would be 400.
    expect(born).toBe(400);
    expect(realTime).toBeGreaterThan(2);
    expect(realTime).toBeLessThan(28);
  });

  it("takes the only thread there is for a sweep when it comes again", () => {
    const schedule = scheduler("extreme", { prioritized: 3 });
    schedule(range(1, 100));
    schedule([7]);
    for (let sweep = 0; sweep < 20; sweep++) expect(schedule([7]).get(7)!.Policy).toBe(roundRobin);
  });
});

describe("dirichlet", () => {
  it("asks only for what the kernel admits, however many threads and CPUs there are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 3000 }),
        fc.integer({ min: 1, max: 64 }),
        fc.string(),
        (count, cpus, seed) => {
          const threads = scheduler("dirichlet", { resetProbability: 0 }, cpus, seed)(range(1, count));
          let bandwidth = 0;
          for (const { Policy, Flags, Nice, Priority, Runtime, Deadline, Period } of threads.values()) {
            if (Policy === normal) continue; // very many threads: no CPU time is left to promise
            if ([Policy, Flags, Nice, Priority].join() !== "6,1,0,0")
              throw new Error("not a deadline reservation");
            if (!Number.isInteger(Runtime) || Runtime < 0.01 * Period || Runtime > 0.95 * Period)
              throw new Error("illegal runtime");
            if (Deadline !== Period || Period !== 1e6) throw new Error("illegal period");
            bandwidth += Runtime / Period;
          }
          expect(bandwidth).toBeLessThanOrEqual(0.9 * 0.95 * cpus + 1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("uses nearly all of the budget unless one thread has more than a CPU can give", () => {
    const threads = scheduler("dirichlet", { resetProbability: 0 }, 2)(range(1, 50));
    const bandwidth = [...threads.values()].reduce((sum, { Runtime, Period }) => sum + Runtime / Period, 0);
    expect(bandwidth).toBeGreaterThan(1.7);
  });

  it("deals shares flat: the first of n has more than x with probability (1 - x)^(n - 1)", () => {
    const schedule = scheduler("dirichlet", { resetProbability: 0 }, 1);
    let [above, sum] = [0, 0];
    const sweeps = 4000;
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const { Runtime, Period } = schedule(range(1, 5)).get(1)!;
      const part = Runtime / Period / (0.9 * 0.95);
      sum += part;
      if (part > 0.3) above += 1;
    }
    expect(sum / sweeps).toBeCloseTo(1 / 5, 1);
    expect(above / sweeps).toBeCloseTo(0.7 ** 4, 1);
    expect(Math.abs(above / sweeps - 0.7 ** 4)).toBeLessThan(0.03);
  });

  it("resets threads to SCHED_NORMAL as often as asked", () => {
    const schedule = scheduler("dirichlet", { resetProbability: 0.25 });
    let reset = 0;
    for (let sweep = 0; sweep < 100; sweep++) reset += share(schedule(range(1, 80)), normal);
    expect(reset / 100).toBeGreaterThan(0.22);
    expect(reset / 100).toBeLessThan(0.28);
    expect(share(scheduler("dirichlet", { resetProbability: 1 })(range(1, 20)), normal)).toBe(1);
    expect(share(scheduler("dirichlet", { resetProbability: 0 })(range(1, 20)), deadline)).toBe(1);
  });

  it("leaves newborns SCHED_NORMAL until the next sweep", () => {
    const schedule = scheduler("dirichlet", { resetProbability: 0 });
    schedule(range(1, 10));
    expect(schedule([11]).get(11)!.Policy).toBe(normal);
    expect(schedule([12, 13]).get(12)!.Policy).toBe(normal);
    expect(share(schedule(range(1, 13)), deadline)).toBe(1);
  });
});
