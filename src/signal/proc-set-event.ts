import { Event } from "./event.js";
import type { Option, ReceivedEvent } from "./json.js";

/** Threads (one id each) whose scheduling attributes may be redrawn: all of them at a sweep, one at a birth. */
export class ProcSetEvent extends Event {
  readonly class = "ProcSetEvent";
  readonly deferred: boolean;
  readonly threadIds: readonly number[];

  constructor(entity: string, threadIds: readonly number[], received?: ReceivedEvent) {
    super(entity, received);
    this.deferred = received?.deferred ?? false;
    this.threadIds = threadIds;
  }

  // Thread ids are chance; the size of the set is what a repeated run has in common with the first.
  get replayHint(): string {
    return this.received?.replay_hint ?? `threads:${this.threadIds.length}`;
  }

  get option(): Option {
    return this.received?.option ?? { procs: this.threadIds.map(String) };
  }
}
