import { describe, expect, it } from "vitest";
import { isDoneWithin, withDeadline } from "../../../src/util/index.js";

const never = new Promise<void>(() => {});
const broken = () => Promise.reject(new Error("broken"));

describe("isDoneWithin", () => {
  it("says whether the work was in time, and fails as it does", async () => {
    expect(await isDoneWithin(Promise.resolve("any"), 10_000)).toBe(true);
    expect(await isDoneWithin(never, 1)).toBe(false);
    await expect(isDoneWithin(broken(), 10_000)).rejects.toThrow("broken");
  });
});

describe("withDeadline", () => {
  it("fails when the work is late, or as it does", async () => {
    await withDeadline(Promise.resolve(), 10_000);
    await expect(withDeadline(never, 1)).rejects.toThrow("not done after 1 ms");
    await expect(withDeadline(broken(), 10_000)).rejects.toThrow("broken");
  });
});
