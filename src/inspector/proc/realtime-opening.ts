import { setTimeout as sleep } from "node:timers/promises";
import { type CgroupFolder, openRealtimeGroup } from "../../../runtime/kernel/index.js";
import { messageOf } from "../../util/index.js";
import type { PrepareProcInspectorOptions } from "./proc-inspector-options.js";
import type { Refusals } from "./refusals.js";

const errnoPatienceMs = 500;

/**
 * Gives the container's group real-time running time for the length of the run and pushes what undoes it. Where that
 * fails the run goes on, the refusal is counted, and SCHED_RR will be refused by the kernel. Returns how to close it
 * ahead of the undo stack.
 */
export async function openRealtime(
  { undo, realtimeRegisterFile }: PrepareProcInspectorOptions,
  cpu: CgroupFolder | undefined,
  refusals: Refusals,
): Promise<(() => Promise<void>) | undefined> {
  if (cpu === undefined) return undefined;
  try {
    const group = await openRealtimeGroup(cpu, realtimeRegisterFile);
    if (group === undefined) return undefined;
    // One record per file, so that the journal can put each back; the real undo does all of them, under the lock.
    const undos = group.changed.map(({ path, value }, index) =>
      undo.push(
        `real-time running time in ${path}`,
        index === group.changed.length - 1 ? () => closePatiently(group.close) : () => {},
        { kind: "file-value", path, value },
      ),
    );
    return async () => {
      for (const undoOne of undos.reverse()) await undoOne();
    };
  } catch (error) {
    refusals.isRealtimeClosed = true;
    refusals.count(`real-time group not opened: ${messageOf(error)}`);
    return undefined;
  }
}

/** A real-time thread that was just killed keeps its group busy for a moment. */
async function closePatiently(close: () => Promise<void>): Promise<void> {
  const until = performance.now() + errnoPatienceMs;
  for (;;) {
    try {
      await close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY" || performance.now() > until) throw error;
      await sleep(10);
    }
  }
}
