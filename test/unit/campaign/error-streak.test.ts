import { describe, expect, it } from "vitest";
import { ErrorStreak } from "../../../src/campaign/run/error-streak.js";
import type { CampaignTally } from "../../../src/campaign/tally/index.js";

const arm = { runs: 0, timeouts: 0 } as ReturnType<CampaignTally["arm"]>;
const nothing = { arm: () => arm };
const something = { arm: () => ({ ...arm, timeouts: 1 }) as typeof arm };

describe("ErrorStreak", () => {
  it("gives up soon where no run could ever be made, and late where some were", () => {
    const first = new ErrorStreak();
    expect([1, 2, 3].map(() => first.isTooLong(true, nothing))).toEqual([false, false, true]);
    const later = new ErrorStreak();
    const ten = Array.from({ length: 10 }, () => later.isTooLong(true, something));
    expect(ten.indexOf(true)).toBe(9);
    expect(later.length).toBe(10);
  });

  it("begins anew after a run that was made", () => {
    const streak = new ErrorStreak();
    for (let run = 0; run < 9; run++) streak.isTooLong(true, something);
    expect(streak.isTooLong(false, something)).toBe(false);
    expect(streak.length).toBe(0);
    expect(streak.isTooLong(true, something)).toBe(false);
  });
});
