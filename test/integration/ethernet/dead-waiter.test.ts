import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { PreparedNetlinkQueue } from "../../../runtime/kernel/nfqueue/netlink-packet-queue.js";
import { requires } from "../../helpers/requires.js";

requires("root", "built");

const built = new URL("../../../dist/runtime/kernel/nfqueue/queue-worker.js", import.meta.url);
const queueNumber = 61_234;

describe("PreparedNetlinkQueue", () => {
  it("starts another thread for its queue where the first has died before there was one", async () => {
    expect(existsSync(built)).toBe(true);
    const started: Worker[] = [];
    const errors: Error[] = [];
    const prepared = new PreparedNetlinkQueue(
      { onPacket: () => {}, onError: (error) => void errors.push(error) },
      (workerData) => {
        const isFirst = started.length === 0;
        const worker = isFirst
          ? new Worker('throw new Error("out of memory")', { eval: true, workerData })
          : new Worker(built, { workerData });
        started.push(worker);
        return worker;
      },
    );
    while (errors.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const queue = prepared.open("/proc/self/ns/net", queueNumber);
    expect(started.length).toBe(2);
    await queue.close();
    expect(errors.map(({ message }) => message)).toEqual(["out of memory"]);
  });
});
