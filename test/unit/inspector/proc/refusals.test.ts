import { describe, expect, it } from "vitest";
import { Refusals } from "../../../../src/inspector/proc/refusals.js";

const [eperm, ebusy, errnoUnnamed] = [1, 16, 999];

describe("Refusals", () => {
  it("counts by policy, errno and reason", () => {
    const refusals = new Refusals();
    refusals.countErrno(6, ebusy);
    refusals.countErrno(6, ebusy);
    refusals.countErrno(3, errnoUnnamed);
    expect(refusals.toRecord()).toEqual({
      "SCHED_DEADLINE: EBUSY (no deadline bandwidth left)": 2,
      "SCHED_BATCH: errno 999": 1,
    });
  });

  it("blames the closed group for a real-time refusal only when it is closed", () => {
    const refusals = new Refusals();
    refusals.countErrno(2, eperm);
    refusals.isRealtimeClosed = true;
    refusals.countErrno(2, eperm);
    expect(Object.keys(refusals.toRecord())).toEqual([
      "SCHED_RR: EPERM (CAP_SYS_NICE is missing)",
      "SCHED_RR: EPERM (real-time group closed)",
    ]);
  });
});
