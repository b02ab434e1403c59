import { expect, it } from "vitest";
import { restoreThreads } from "../../../../src/inspector/proc/restore-threads.js";

it("restoreThreads restores threads that are born meanwhile, each once, and ends where they never end", () => {
  const original = { policy: 0, flags: 0, nice: 3, priority: 0, runtimeNs: 0, deadlineNs: 0, periodNs: 0 };
  const restored: number[] = [];
  const setter = {
    restore: (tid: number, attributes: typeof original) => {
      expect(attributes).toBe(original);
      restored.push(tid);
      return 0;
    },
  };
  const ledger = { originalOf: () => original };
  // Two names of a process that lives, and one that nobody has.
  const listings = [[process.pid], [process.pid, process.ppid, 0x3fffffff], [process.pid, process.ppid]];
  let listed = 0;
  restoreThreads(() => listings[Math.min(listed++, 2)]!, ledger, setter);
  expect(restored).toEqual([process.pid, process.ppid]);
  expect(listed).toBe(3);
  let next = 1;
  restoreThreads(() => [0x3f000000 + next++], ledger, setter);
  expect(next).toBe(11);
});
