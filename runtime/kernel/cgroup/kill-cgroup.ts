import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { threadsOfCgroup } from "./cgroup-threads.js";
import type { CgroupFolder } from "./locate-cgroup.js";

const pollMs = 2;

/**
 * Kills everything in a group and below it. Version 2 does it in one step (`cgroup.kill`, Linux 5.14); elsewhere each
 * pass kills what the one before left or what was born meanwhile. Resolves with true when nobody is left, and with false when
 * somebody still is after `patienceMs`.
 */
export async function killCgroup(group: CgroupFolder, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  const allAtOnce = `${group.folder}/cgroup.kill`;
  if (group.version === 2 && existsSync(allAtOnce)) writeFileSync(allAtOnce, "1");
  for (;;) {
    const threads = threadsOfCgroup(group);
    if (threads.length === 0) return true;
    for (const id of threads) kill(id);
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
  }
}

/** A thread's id will do: the signal is for its whole process. */
function kill(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
