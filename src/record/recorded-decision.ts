import type { RecordedDecision } from "../signal/index.js";

export type { RecordedDecision } from "../signal/index.js";

/** False for what the workload would have met anyway. */
export function shakes({ delayMs, fault, attributes }: RecordedDecision): boolean {
  return delayMs > 0 || fault !== undefined || attributes !== undefined;
}
