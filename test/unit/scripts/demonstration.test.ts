import { describe, expect, it } from "vitest";
import { programs } from "../../../scripts/demonstration/programs.js";
import { barText } from "../../../scripts/demonstration/progress-bar.js";
import { commandLine } from "../../../scripts/demonstration/run-program.js";
import { closingTable, rateText } from "../../../scripts/demonstration/table.js";
import { wilsonInterval } from "../../../scripts/demonstration/wilson.js";

describe("wilsonInterval", () => {
  it("agrees with published values", () => {
    // Also what prop.test(failures, runs, correct = FALSE) of R gives.
    const golden: [number, number, number, number][] = [
      [0, 10, 0, 0.2775],
      [5, 10, 0.2366, 0.7634],
      [10, 10, 0.7225, 1],
      [1, 300, 0.0006, 0.0186],
    ];
    for (const [failures, runs, low, high] of golden) {
      const [ourLow, ourHigh] = wilsonInterval(failures, runs);
      expect(ourLow).toBeCloseTo(low, 4);
      expect(ourHigh).toBeCloseTo(high, 4);
    }
  });

  it("knows nothing without runs", () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });
});

describe("rateText", () => {
  it("gives failures, runs and the interval in percent", () => {
    expect(rateText({ failures: 0, runs: 10, broken: 0 })).toBe(" 0 / 10     0-28 %");
  });
});

describe("closingTable", () => {
  it("has a line a program with both ways side by side", () => {
    const tallies = {
      docker: { failures: 0, runs: 8, broken: 0 },
      nmzc: { failures: 8, runs: 8, broken: 0 },
    };
    const [head, row] = closingTable([{ name: "config-update", what: "files", tallies }]).split("\n");
    expect(head).toMatch(/docker run +nmzc run$/);
    expect(row).toMatch(/^config-update +files +0 \/ 8 +0-32 % +8 \/ 8 +68-100 %$/);
  });
});

describe("barText", () => {
  it("fills with what is done", () => {
    expect(barText(0, 10, "a")).toBe(`[${"-".repeat(30)}] 0/10 a`);
    expect(barText(10, 10, "a")).toBe(`[${"#".repeat(30)}] 10/10 a`);
  });
});

describe("commandLine", () => {
  it("differs between docker and nmzc in the command and the autopilot only", () => {
    for (const program of programs) {
      const plain = commandLine("docker", "image", program);
      const shaken = commandLine("nmzc", "image", program);
      expect(plain.slice(2)).toEqual(shaken.slice(5));
      expect(shaken.slice(2, 4)).toEqual(["run", "--nmz-autopilot"]);
    }
  });
});
