import { type ProcSetEvent, ProcSetSchedAction, type SchedAttributes } from "../../signal/index.js";
import type { Random } from "../../util/index.js";
import type { ProcPolicy } from "./proc-policy.js";
import { niceness, schedPolicy } from "./sched-attributes.js";

/** Every thread gets a nice value, uniform over all forty. */
export class MildProcPolicy implements ProcPolicy {
  readonly #attributes: readonly SchedAttributes[];

  constructor(useBatch: boolean) {
    const policy = useBatch ? schedPolicy.batch : schedPolicy.normal;
    this.#attributes = Array.from({ length: 40 }, (_, index) => niceness(policy, index - 20));
  }

  schedule(event: ProcSetEvent, random: Random): ProcSetSchedAction {
    const attributes: Record<string, SchedAttributes> = {};
    for (const id of event.threadIds) attributes[id] = this.#attributes[random.integer(0, 39)]!;
    return new ProcSetSchedAction(event, attributes);
  }
}
