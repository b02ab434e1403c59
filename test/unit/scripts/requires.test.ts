import { describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";

describe("requires", () => {
  it("throws on a word it does not know", () => {
    expect(() => requires("rooot")).toThrow('unknown word "rooot"');
  });
});
