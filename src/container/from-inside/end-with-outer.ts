import { readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../../runtime/engine/index.js";
import { listJournals } from "../../journal/index.js";
import { isNotFound } from "../engine-failures.js";

/** What a workload has to end by itself when the container that the user started has ended. */
const graceMs = 5000;
const againMs = 500;

/**
 * For the sibling: when the container that the user started is gone (`docker kill`, or its time to stop was over), nobody
 * reads what the workloads say. They are asked to end, and then ended, so that their runs are undone as always.
 */
export function endWithOuter(engine: Engine, outerId: string): void {
  void hasEnded(engine, outerId).then(() => end(engine));
}

/** Resolves when the container does not run, or is not there; an engine that is away says neither. Never rejects. */
export async function hasEnded(
  engine: Pick<Engine, "waitContainer">,
  id: string,
  pauseMs = againMs,
): Promise<void> {
  for (;;) {
    try {
      await engine.waitContainer(id, "not-running");
      return;
    } catch (error) {
      if (isNotFound(error)) return;
    }
    await sleep(pauseMs);
  }
}

function end(engine: Engine): void {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => {
    void killWorkloads(engine);
    setInterval(() => void killWorkloads(engine), againMs);
  }, graceMs);
}

/** Never rejects: what failed is tried again, and this process has to live until its runs are undone. */
async function killWorkloads(engine: Engine): Promise<void> {
  for (const id of workloadsHere()) await engine.killContainer(id, "KILL").catch(() => {});
}

function workloadsHere(): string[] {
  try {
    return listJournals().flatMap(({ content }) =>
      content === undefined || !isOfThisContainer(content.pid)
        ? []
        : content.records.flatMap((record) => (record.kind === "container" ? [record.id] : [])),
    );
  } catch {
    return [];
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
