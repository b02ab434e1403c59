import { readlinkSync } from "node:fs";
import type { Engine } from "../../../runtime/engine/index.js";
import { listJournals } from "../../journal/index.js";
import { ignoreAlreadyDone } from "../engine-failures.js";

/** What a workload has to end by itself when the container that the user started has ended. */
const graceMs = 5000;
const againMs = 500;

/**
 * For the sibling: when the container that the user started is gone (`docker kill`, or its time to stop was over), nobody
 * reads what the workloads say. They are asked to end, and then ended, so that their runs are undone as always.
 */
export function endWithOuter(engine: Engine, outerId: string): void {
  engine.waitContainer(outerId, "not-running").then(
    () => end(engine),
    () => end(engine), // it is removed already
  );
}

function end(engine: Engine): void {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => {
    void killWorkloads(engine);
    setInterval(() => void killWorkloads(engine), againMs);
  }, graceMs);
}

async function killWorkloads(engine: Engine): Promise<void> {
  for (const { content } of listJournals()) {
    if (content === undefined || !isOfThisContainer(content.pid)) continue;
    for (const record of content.records) {
      if (record.kind === "container") await engine.killContainer(record.id, "KILL").catch(ignoreAlreadyDone);
    }
  }
}

/** All processes of a container share its mount namespace. */
function isOfThisContainer(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`) === readlinkSync("/proc/self/ns/mnt");
  } catch {
    return false;
  }
}
