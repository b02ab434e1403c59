import { describe, expect, it } from "vitest";
import { readQueueTable } from "../../../../runtime/kernel/nfqueue/queue-table.js";

describe("readQueueTable", () => {
  it("reads the kernel's columns", () => {
    const table = readQueueTable(
      "   42   2566    17 2 65531     3     4    60000  1\n    7      1     0 2   256     0     0        9  1\n",
    );
    expect(table.get(42)).toEqual({ waiting: 17, dropped: 3, undelivered: 4, lastId: 60000 });
    expect([...table.keys()]).toEqual([42, 7]);
  });

  it("is empty for an empty file", () => {
    expect(readQueueTable("").size).toBe(0);
  });
});
