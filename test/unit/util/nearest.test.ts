import { describe, expect, it } from "vitest";
import { nearest } from "../../../src/util/index.js";

const flags = ["volume", "volumes-from", "entrypoint", "env", "env-file", "memory", "rm"];

describe("nearest", () => {
  it.each([
    ["volum", "volume"],
    ["vloume", "volume"],
    ["ENTRYPOINT", "entrypoint"],
    ["entry-point", "entrypoint"],
    ["volume-from", "volumes-from"],
    ["memroy", "memory"],
  ])("finds what %j was meant to be", (word, meant) => {
    expect(nearest(word, flags)).toBe(meant);
  });

  it("says nothing rather than something far-fetched", () => {
    expect(nearest("publish", flags)).toBeUndefined();
    expect(nearest("anything", [])).toBeUndefined();
  });
});
