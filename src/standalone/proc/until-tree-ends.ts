import { setTimeout as sleep } from "node:timers/promises";
import type { ProcInspector } from "../../inspector/index.js";

const lookMs = 100;

/** Resolves with 0 when no thread of the tree lives any more. */
export async function untilTreeEnds(inspector: Pick<ProcInspector, "hasLivingThreads">): Promise<number> {
  while (inspector.hasLivingThreads()) await sleep(lookMs);
  return 0;
}
