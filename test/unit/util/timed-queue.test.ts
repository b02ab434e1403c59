import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TimedQueue } from "../../../src/util/index.js";
import { SteppingClock } from "./stepping-clock.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("TimedQueue", () => {
  it("lets items out in the order of their due times, never early", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { maxLength: 60 }), (dues) => {
        const clock = new SteppingClock();
        const out: { item: number; atMs: number }[] = [];
        const queue = new TimedQueue<number>(clock, (item) => out.push({ item, atMs: clock.nowMs() }));
        for (const [item, dueMs] of dues.entries()) queue.push(dueMs, item);
        clock.advance(45);
        expect(queue.size).toBe(0);
        const expected = dues.map((dueMs, item) => ({ dueMs, item })).sort((a, b) => a.dueMs - b.dueMs);
        expect(out.map(({ item }) => item)).toEqual(expected.map(({ item }) => item));
        for (const { item, atMs } of out) expect(atMs).toBeGreaterThanOrEqual(dues[item]!);
      }),
    );
  });

  it("keeps the order of arrival among equal due times", () => {
    const clock = new SteppingClock();
    const out: number[] = [];
    const queue = new TimedQueue<number>(clock, (item) => out.push(item));
    for (let item = 0; item < 100; item++) queue.push(5, item);
    clock.advance(6);
    expect(out).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it("wakes up earlier when something earlier comes in", () => {
    const clock = new SteppingClock();
    const out: string[] = [];
    const queue = new TimedQueue<string>(clock, (item) => out.push(item));
    queue.push(1000, "late");
    queue.push(10, "early");
    clock.advance(12);
    expect(out).toEqual(["early"]);
    expect(queue.size).toBe(1);
  });

  it("takes items that are pushed while others come out", () => {
    const clock = new SteppingClock();
    const out: number[] = [];
    const queue: TimedQueue<number> = new TimedQueue(clock, (item) => {
      out.push(item);
      if (item < 5) queue.push(clock.nowMs() + 2, item + 1);
    });
    queue.push(2, 0);
    clock.advance(20);
    expect(out).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("drains everything in due order and leaves no timer behind", () => {
    const queue = new TimedQueue<string>(new SteppingClock(), () => {});
    queue.push(30, "c");
    queue.push(10, "a");
    queue.push(20, "b");
    expect(queue.drain()).toEqual(["a", "b", "c"]);
    expect(vi.getTimerCount()).toBe(0);
    expect(queue.size).toBe(0);
  });

  it("waits for longer than a timer of Node can", () => {
    const setTimer = vi.spyOn(globalThis, "setTimeout");
    const clock = new SteppingClock();
    const out: string[] = [];
    const queue = new TimedQueue<string>(clock, (item) => out.push(item));
    queue.push(2 ** 32, "in fifty days");
    clock.advance(50);
    expect(out).toEqual([]);
    expect(queue.size).toBe(1);
    expect(setTimer).toHaveBeenCalledTimes(1); // Node would have made 1 ms of it, and woken up fifty times
  });

  it("goes on after an item whose handling threw", () => {
    const clock = new SteppingClock();
    const out: string[] = [];
    const queue = new TimedQueue<string>(clock, (item) => {
      if (item === "bad") throw new Error("handler failed");
      out.push(item);
    });
    queue.push(1, "bad");
    queue.push(2, "good");
    expect(() => clock.advance(5)).toThrow("handler failed");
    clock.advance(5);
    expect(out).toEqual(["good"]);
  });
});
