import { describe, expect, it } from "vitest";
import { globMatcher, nameMatcher } from "../../../src/util/index.js";

describe("globMatcher", () => {
  it("knows paths: a star ends at a slash, two do not, and without a slash the last part counts", () => {
    expect(globMatcher("data/*.log")("data/a.log")).toBe(true);
    expect(globMatcher("data/*.log")("data/b/a.log")).toBe(false);
    expect(globMatcher("data/**/a.log")("data/b/c/a.log")).toBe(true);
    expect(globMatcher("?.log")("data/a.log")).toBe(true);
    expect(globMatcher("*.log")("data/alog")).toBe(false);
  });
});

describe("nameMatcher", () => {
  it("knows names: a star is any characters, a slash among them, and nothing else means anything", () => {
    expect(nameMatcher("redis*")("redis-server")).toBe(true);
    expect(nameMatcher("work*")("worker/1")).toBe(true);
    expect(nameMatcher("*")("")).toBe(true);
    expect(nameMatcher("a.c")("abc")).toBe(false);
    expect(nameMatcher("a?")("ab")).toBe(false);
    expect(nameMatcher("(sd-pam)")("(sd-pam)")).toBe(true);
    expect(nameMatcher("10.0.*")("10.0.0.2:80")).toBe(true);
  });
});
