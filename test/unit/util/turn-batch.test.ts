import { describe, expect, it } from "vitest";
import { TurnBatch } from "../../../src/util/index.js";

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("TurnBatch", () => {
  it("hands over what came in one turn, in order, at its end", async () => {
    const batches: (readonly number[])[] = [];
    const batch = new TurnBatch<number>((items) => batches.push(items));
    batch.push(1);
    await Promise.resolve();
    batch.push(2);
    expect(batches).toEqual([]);
    await turn();
    batch.push(3);
    await turn();
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it("hands over at once when told to, and only once", async () => {
    const batches: (readonly number[])[] = [];
    const batch = new TurnBatch<number>((items) => batches.push(items));
    batch.push(1);
    batch.flush();
    batch.flush();
    expect(batches).toEqual([[1]]);
    await turn();
    expect(batches).toEqual([[1]]);
  });

  it("keeps what is pushed while it hands over for the next time", async () => {
    const batches: (readonly number[])[] = [];
    const batch = new TurnBatch<number>((items) => {
      batches.push(items);
      if (items[0] === 1) batch.push(2);
    });
    batch.push(1);
    await turn();
    await turn();
    expect(batches).toEqual([[1], [2]]);
  });
});
