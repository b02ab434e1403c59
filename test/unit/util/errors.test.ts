import { describe, expect, it } from "vitest";
import { messageOf, NmzError, newSeed } from "../../../src/util/index.js";

describe("NmzError", () => {
  it("is nmzc's own failure unless it says otherwise", () => {
    expect(new NmzError("NMZ_TEST_FAILED", "it failed").exitCode).toBe(125);
    expect(new NmzError("NMZ_TEST_FAILED", "it failed", { exitCode: 127 }).exitCode).toBe(127);
  });

  it("keeps code, message, hint and cause apart", () => {
    const cause = new Error("below");
    const error = new NmzError("NMZ_TEST_FAILED", "it failed", { hint: "do this", cause });
    expect([error.code, error.message, error.hint, error.cause]).toEqual([
      "NMZ_TEST_FAILED",
      "it failed",
      "do this",
      cause,
    ]);
  });
});

describe("messageOf", () => {
  it("gives the text of anything that was thrown", () => {
    expect([new Error("text"), "word", 7, undefined].map(messageOf)).toEqual([
      "text",
      "word",
      "7",
      "undefined",
    ]);
  });
});

describe("newSeed", () => {
  it("is sixteen hexadecimal digits, another each time", () => {
    const seeds = Array.from({ length: 100 }, newSeed);
    expect(new Set(seeds).size).toBe(100);
    for (const seed of seeds) expect(seed).toMatch(/^[0-9a-f]{16}$/);
  });
});
