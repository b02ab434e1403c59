import { describe, expect, it } from "vitest";
import { admittedDeadlineCpusFor, schedPolicyName } from "../../../../runtime/kernel/sched/index.js";

describe("admittedDeadlineCpusFor", () => {
  it("is the real-time share of each CPU less what the kernel keeps for itself", () => {
    const cpus = admittedDeadlineCpusFor({ runtimeUs: 950_000, periodUs: 1_000_000, cpuCount: 2 });
    expect(cpus).toBeCloseTo(1.8);
  });

  it("takes a switched-off limit for the whole CPU", () => {
    expect(admittedDeadlineCpusFor({ runtimeUs: -1, periodUs: 1_000_000, cpuCount: 4 })).toBeCloseTo(3.8);
  });

  it("is never negative", () => {
    expect(admittedDeadlineCpusFor({ runtimeUs: 0, periodUs: 1_000_000, cpuCount: 4 })).toBe(0);
  });
});

describe("schedPolicyName", () => {
  it("names what it knows and numbers the rest", () => {
    expect([0, 1, 2, 3, 5, 6, 7].map(schedPolicyName)).toEqual([
      "SCHED_NORMAL",
      "SCHED_FIFO",
      "SCHED_RR",
      "SCHED_BATCH",
      "SCHED_IDLE",
      "SCHED_DEADLINE",
      "policy 7",
    ]);
  });
});
