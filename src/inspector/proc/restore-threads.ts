import { getSchedAttributes, schedPolicies } from "../../../runtime/kernel/index.js";
import type { AttributeSetter } from "./attribute-setter.js";
import type { ThreadLedger } from "./thread-ledger.js";

const mostPasses = 10;

/**
 * Gives all threads back what they had: again and again until a listing shows no new one, because children of threads that are not
 * restored yet inherit from them.
 */
export function restoreThreads(
  list: () => readonly number[],
  ledger: Pick<ThreadLedger, "originalOf">,
  setter: Pick<AttributeSetter, "restore">,
): void {
  const done = new Set<number>();
  for (let pass = 0; pass < mostPasses; pass++) {
    const left = list().filter((tid) => !done.has(tid));
    if (left.length === 0) return;
    for (const tid of left) {
      done.add(tid);
      const now = getSchedAttributes(tid);
      if (now !== undefined)
        setter.restore(tid, ledger.originalOf(tid), now.policy === schedPolicies.DEADLINE);
    }
  }
}
