import type { ProcSetEvent, ProcSetSchedAction } from "../../signal/index.js";
import type { Random } from "../../util/index.js";

/** Draws scheduling attributes for each thread of an event. */
export interface ProcPolicy {
  schedule(event: ProcSetEvent, random: Random): ProcSetSchedAction;
}
