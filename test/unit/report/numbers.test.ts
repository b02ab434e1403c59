import { describe, expect, it } from "vitest";
import { countWords, percentWords, probabilityWords, timeWords } from "../../../src/report/index.js";

describe("percentWords", () => {
  it.each([
    [0, "0 %"],
    [1, "100 %"],
    [0.0028, "0.28 %"],
    [0.061, "6.1 %"],
    [0.153, "15 %"],
    [0.992, "99.2 %"],
    [0.9998, "99.98 %"],
    [0.00004, "0.004 %"],
  ])("writes %s as %s", (share, words) => {
    expect(percentWords(share)).toBe(words);
  });
});

describe("probabilityWords", () => {
  it("does not pretend to know small ones", () => {
    expect(probabilityWords("p", 0.00001)).toBe("p < 0.0001");
    expect(probabilityWords("p", 0.03149)).toBe("p = 0.031");
  });
});

describe("countWords", () => {
  it("groups thousands, and knows one from many", () => {
    expect([countWords(1, "run"), countWords(12345678, "run")]).toEqual(["1 run", "12,345,678 runs"]);
  });
});

describe("timeWords", () => {
  it.each([
    [0.5, "0.5 ms"],
    [340, "340 ms"],
    [1500, "1.5 s"],
    [59_600, "1 min"],
    [90_000, "1 min 30 s"],
    [3_840_000, "1 h 4 min"],
  ])("writes %s ms as %s", (milliseconds, words) => {
    expect(timeWords(milliseconds)).toBe(words);
  });
});
