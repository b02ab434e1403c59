import { describe, expect, it } from "vitest";
import { programs } from "../../../scripts/demonstration/programs.js";
import { barText } from "../../../scripts/demonstration/progress-bar.js";
import { commandLine } from "../../../scripts/demonstration/run-program.js";
import { closingTable, rateText } from "../../../scripts/demonstration/table.js";

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
