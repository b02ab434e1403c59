import { afterEach, describe, expect, it } from "vitest";
import { median, ratioInTurn, rounds } from "../../../scripts/benchmarks/measurement.js";
import { asJson, figure, meetsAim, tableLine } from "../../../scripts/benchmarks/report.js";
import { parseFigures } from "../../../scripts/benchmarks/yardsticks.js";

describe("median", () => {
  it("is the middle value, or the mean of the two in the middle", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 2, 3, 10])).toBe(2.5);
  });
});

describe("ratioInTurn", () => {
  it("takes ours and the limit in turn and gives the median ratio", async () => {
    const order: string[] = [];
    const ours = [2, 6, 3];
    const measured = await ratioInTurn(
      3,
      () => {
        order.push("ours");
        return ours.shift() ?? 0;
      },
      () => {
        order.push("limit");
        return 2;
      },
    );
    expect(order).toEqual(["ours", "limit", "ours", "limit", "ours", "limit"]);
    expect(measured).toEqual({ value: 1.5, runs: [1, 3, 1.5] });
  });
});

describe("rounds", () => {
  afterEach(() => {
    delete process.env["NMZ_BENCH_QUICK"];
  });

  it("is a third of them, one at least, when it shall be quick", () => {
    expect(rounds(9)).toBe(9);
    process.env["NMZ_BENCH_QUICK"] = "1";
    expect([rounds(9), rounds(1)]).toEqual([3, 1]);
  });
});

describe("the bench report", () => {
  const measurement = { key: "a.b", unit: "ratio", what: "", aim: { atLeast: 0.65 } };
  const outcome = (value: number) => ({
    measurement: { ...measurement, measure: () => Promise.reject(new Error("not called")) },
    measured: { value, runs: [value] },
  });

  it("says whether the aim is met", () => {
    expect(meetsAim({ atMost: 5 }, 5)).toBe(true);
    expect(tableLine(outcome(0.7))).toMatch(/a\.b +0\.7 ratio +>= 0\.65 {2}met$/);
    expect(tableLine(outcome(0.6))).toMatch(/MISSED$/);
  });

  it("writes one flat object and leaves out what could not be taken", () => {
    const failed = { measurement: outcome(1).measurement, error: "no queue" };
    expect(JSON.parse(asJson([outcome(0.7)]))).toEqual({ "a.b": { value: 0.7, unit: "ratio", runs: [0.7] } });
    expect(JSON.parse(asJson([failed]))).toEqual({});
    expect(tableLine(failed)).toContain("failed: no queue");
  });

  it("prints large figures whole and small ones with four digits", () => {
    expect([figure(50_000.4), figure(0.123456)]).toEqual(["50000", "0.1235"]);
  });
});

describe("parseFigures", () => {
  it("reads a name and a value from each line", () => {
    expect(parseFigures("p50_us 45.7\nlost 0\n")).toEqual({ p50_us: 45.7, lost: 0 });
  });
});
