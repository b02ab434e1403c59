import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  deadlineState,
  hasNoRuntime,
  ordinaryAttributes,
  schedPolicies,
} from "../../../runtime/kernel/index.js";
import { AttributeSetter } from "../../../src/inspector/proc/attribute-setter.js";
import { Refusals } from "../../../src/inspector/proc/refusals.js";
import { ThreadLedger } from "../../../src/inspector/proc/thread-ledger.js";
import type { SchedAttributes } from "../../../src/signal/index.js";
import { requires } from "../../helpers/requires.js";
import { chrt, eventually, shake } from "./shaking.js";
import { Workload } from "./workload.js";

requires("root", "gcc", "chrt", "built");

const normal: SchedAttributes = {
  ...{ Policy: schedPolicies.NORMAL, Flags: 0, Nice: 0, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 },
};
const share = (part: number): SchedAttributes => ({
  ...normal,
  ...{ Policy: schedPolicies.DEADLINE, Flags: 1, Runtime: part * 1e6, Deadline: 1e6, Period: 1e6 },
});

/** CPU time that it has had, in hundredths of a second. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

describe("a thread that is always busy", () => {
  let child: ChildProcess;
  let ledger: ThreadLedger;
  let setter: AttributeSetter;
  beforeEach(async () => {
    child = spawn("sh", ["-c", "while :; do :; done"], { stdio: "ignore" });
    await once(child, "spawn");
    ledger = new ThreadLedger();
    ledger.addOriginal(child.pid!, ordinaryAttributes);
    setter = new AttributeSetter(ledger, new Refusals(), 1);
  });
  afterEach(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    setter.release(child.pid!);
    child.kill("SIGKILL");
    await exited;
  });

  it("runs on and can be killed, however often it leaves SCHED_DEADLINE and comes back", async () => {
    const pid = child.pid!;
    for (let round = 0; round < 8; round++) {
      setter.apply({ [pid]: share(0.02) });
      await eventually("its runtime is used up", () => {
        const state = deadlineState(pid);
        return state === undefined || hasNoRuntime(state);
      });
      if (round % 2 === 0) setter.apply({ [pid]: normal });
      else setter.release(pid);
      const before = ticksOf(pid);
      await eventually("it runs on", () => ticksOf(pid) > before + 1);
    }
    setter.apply({ [pid]: share(0.5) });
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  });

  it("is given a hundredth of a CPU at least, and is not taken for one that is stopped for good", async () => {
    const pid = child.pid!;
    setter.apply({ [pid]: share(0.0011) });
    expect(setter.counts.set).toBe(1);
    const before = ticksOf(pid);
    await eventually("it runs", () => ticksOf(pid) > before + 1);
    expect(ledger.isDeadline(pid)).toBe(true);
    setter.release(pid);
  });
});

describe("a workload under the policy dirichlet", () => {
  it("ends when it is killed, in the middle of its sweeps", async () => {
    for (let run = 0; run < 5; run++) {
      const workload = await Workload.start("threads", 40);
      await workload.line();
      try {
        const shaking = await shake(
          { kind: "tree", pid: workload.pid },
          "dirichlet",
          { watchIntervalMs: 50, useProcEvents: false },
          { procPolicyParam: { resetProbability: 0.3 } },
        );
        await eventually("it is under SCHED_DEADLINE", async () =>
          /DEADLINE/.test((await chrt(workload.pid)) ?? ""),
        );
        await workload.kill();
        await shaking.stop();
      } finally {
        await workload.kill();
      }
    }
  });
});
