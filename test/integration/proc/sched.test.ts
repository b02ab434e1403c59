import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  admittedDeadlineCpus,
  getSchedAttributes,
  ordinaryAttributes,
  resetOnFork,
  type SchedulingAttributes,
  SyscallError,
  schedPolicies,
  setSchedAttributes,
  tryLeaveDeadline,
  trySetSchedAttributes,
} from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { chrt, shake } from "./shaking.js";
import { Workload } from "./workload.js";

requires("root", "gcc", "chrt", "built");

const noSuchThread = 2 ** 22 + 1;

function deadline(share: number): SchedulingAttributes {
  return {
    ...ordinaryAttributes,
    policy: schedPolicies.DEADLINE,
    flags: resetOnFork,
    runtimeNs: Math.floor(share * 10_000_000),
    deadlineNs: 10_000_000,
    periodNs: 10_000_000,
  };
}

describe("scheduling attributes", () => {
  let child: ChildProcess;
  let pid: number;
  beforeEach(async () => {
    child = spawn("sleep", ["60"], { stdio: "ignore" });
    await once(child, "spawn");
    pid = child.pid!;
  });
  afterEach(async () => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  });

  it("are read back as they were set, by us and by chrt, in every class", async () => {
    const cases: readonly (readonly [SchedulingAttributes, string])[] = [
      [{ ...ordinaryAttributes, nice: -7 }, "SCHED_OTHER 0"],
      [{ ...ordinaryAttributes, policy: schedPolicies.BATCH, nice: 19 }, "SCHED_BATCH 0"],
      [{ ...ordinaryAttributes, policy: schedPolicies.IDLE, nice: 19 }, "SCHED_IDLE 0"],
      [{ ...ordinaryAttributes, policy: schedPolicies.FIFO, priority: 99 }, "SCHED_FIFO 99"],
      [
        { ...ordinaryAttributes, policy: schedPolicies.RR, priority: 1, flags: resetOnFork },
        "SCHED_RR|SCHED_RESET_ON_FORK 1",
      ],
      [deadline(0.1), "SCHED_DEADLINE|SCHED_RESET_ON_FORK 0"],
    ];
    for (const [attributes, shown] of cases) {
      setSchedAttributes(pid, attributes);
      const now = getSchedAttributes(pid);
      const isTimed = attributes.policy === schedPolicies.DEADLINE;
      expect({ ...now, ...(isTimed ? {} : { runtimeNs: 0 }) }).toEqual(attributes);
      expect(await chrt(pid)).toBe(shown);
    }
    expect(tryLeaveDeadline(pid, ordinaryAttributes)).toBe(0);
  });

  it("carry times beyond 32 bits", () => {
    const long = { ...deadline(0), runtimeNs: 2 ** 32 + 5, deadlineNs: 30 * 2 ** 32, periodNs: 30 * 2 ** 32 };
    const errno = trySetSchedAttributes(pid, long);
    if (errno === 0)
      expect(getSchedAttributes(pid)).toMatchObject({ runtimeNs: 2 ** 32 + 5, periodNs: 30 * 2 ** 32 });
    else expect(errno).toBe(22); // the kernel limits periods to 4 s by default
    tryLeaveDeadline(pid, ordinaryAttributes);
  });

  it("say which errno there was, and of which thread", () => {
    expect(trySetSchedAttributes(noSuchThread, ordinaryAttributes)).toBe(3);
    expect(getSchedAttributes(noSuchThread)).toBeUndefined();
    expect(() => setSchedAttributes(noSuchThread, ordinaryAttributes)).toThrow(
      new SyscallError("sched_setattr", 3, `thread ${noSuchThread}`),
    );
    expect(trySetSchedAttributes(pid, { ...ordinaryAttributes, policy: schedPolicies.RR, priority: 0 })).toBe(
      22,
    );
    expect(trySetSchedAttributes(pid, { ...deadline(0.1), runtimeNs: 1023 })).toBe(22);
  });

  it("leave no deadline bandwidth behind on a sleeping thread", () => {
    // Each cycle is worth half a CPU: four leaks would be all that a machine with two CPUs has.
    for (let cycle = 0; cycle < 200; cycle++) {
      expect(trySetSchedAttributes(pid, deadline(0.5))).toBe(0);
      expect(tryLeaveDeadline(pid, ordinaryAttributes)).toBe(0);
    }
  });
});

describe("200 runs with policy dirichlet", () => {
  it("leave all deadline bandwidth of the machine to whoever comes then", async () => {
    const workload = await Workload.start("threads", 6);
    try {
      await workload.line();
      for (let run = 0; run < 200; run++) {
        // Process events have tests of their own; without their worker a run takes ten milliseconds.
        const shaking = await shake({ kind: "tree", pid: workload.pid }, "dirichlet", {
          useProcEvents: false,
        });
        expect(shaking.inspector.report().refusals).toEqual({});
        await shaking.stop();
      }
      const { cpus } = await import("node:os");
      const share = (admittedDeadlineCpus() / cpus().length) * 0.97;
      const takers = await Promise.all(cpus().map(() => Workload.start("threads", 1)));
      try {
        for (const taker of takers) expect(trySetSchedAttributes(taker.pid, deadline(share))).toBe(0);
      } finally {
        for (const taker of takers) tryLeaveDeadline(taker.pid, ordinaryAttributes);
        await Promise.all(takers.map((taker) => taker.kill()));
      }
    } finally {
      await workload.kill();
    }
  });
});
