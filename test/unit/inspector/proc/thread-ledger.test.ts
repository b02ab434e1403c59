import { describe, expect, it } from "vitest";
import { ordinaryAttributes, schedPolicies } from "../../../../runtime/kernel/sched/index.js";
import { ThreadLedger } from "../../../../src/inspector/proc/thread-ledger.js";

const batch = { ...ordinaryAttributes, policy: schedPolicies.BATCH, nice: 3 };

describe("ThreadLedger", () => {
  it("gives a newborn its parent's original attributes, not what the parent was given", () => {
    const ledger = new ThreadLedger();
    ledger.addOriginal(1, ordinaryAttributes);
    ledger.addOriginal(2, batch);
    ledger.addBorn(3, 2);
    ledger.addBorn(4, 3);
    expect(ledger.originalOf(4)).toEqual(batch);
  });

  it("lets the first thread stand in for an unknown parent", () => {
    const ledger = new ThreadLedger();
    ledger.addOriginal(1, batch);
    ledger.addOriginal(2, ordinaryAttributes);
    ledger.addBorn(3, 0);
    expect(ledger.originalOf(3)).toEqual(batch);
    expect(ledger.originalOf(99)).toEqual(batch);
  });

  it("does not take the time slice of an ordinary thread for a runtime that it has asked for", () => {
    const ledger = new ThreadLedger();
    ledger.addOriginal(1, { ...batch, runtimeNs: 2_800_000 });
    expect(ledger.originalOf(1)).toEqual(batch);
  });

  it("keeps the living, forgets the others and says who is new", () => {
    const ledger = new ThreadLedger();
    for (const tid of [1, 2, 3]) ledger.addOriginal(tid, ordinaryAttributes);
    expect(ledger.keepOnly([2, 4])).toEqual([4]);
    expect([1, 2, 3, 4].filter((tid) => ledger.has(tid))).toEqual([2]);
    expect(ledger.size).toBe(1);
  });

  it("remembers who is a deadline thread until it is told otherwise", () => {
    const ledger = new ThreadLedger();
    ledger.addOriginal(1, { ...ordinaryAttributes, policy: schedPolicies.DEADLINE, runtimeNs: 5000 });
    ledger.addOriginal(2, ordinaryAttributes);
    ledger.setDeadline(2, true);
    expect([ledger.isDeadline(1), ledger.isDeadline(2), ledger.isDeadline(3)]).toEqual([true, true, false]);
    ledger.setDeadline(1, false);
    expect(ledger.isDeadline(1)).toBe(false);
  });
});
