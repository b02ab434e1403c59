import { Event } from "./event.js";
import type { Option, ReceivedEvent } from "./json.js";

/** Threads (one id each) whose scheduling attributes may be redrawn: all of them at a sweep, one at a birth. */
export class ProcSetEvent extends Event {
  readonly class = "ProcSetEvent";
  readonly deferred: boolean;
  readonly threadIds: readonly number[];
  /** These are the new ones only. False is a sweep of all, and whatever comes from Namazu's inspector, which knows no births. */
  readonly isBirth: boolean;

  constructor(entity: string, threadIds: readonly number[], received?: ReceivedEvent, isBirth = false) {
    super(entity, received);
    this.deferred = received?.deferred ?? false;
    this.threadIds = threadIds;
    this.isBirth = received === undefined ? isBirth : received.option["birth"] === true;
  }

  // Thread ids are chance; the size of the set is what a repeated run has in common with the first.
  get replayHint(): string {
    return this.received?.replay_hint ?? `threads:${this.threadIds.length}`;
  }

  // `birth` is an addition to Namazu's, whose readers ignore what they do not know.
  get option(): Option {
    const procs = this.threadIds.map(String);
    return this.received?.option ?? (this.isBirth ? { procs, birth: true } : { procs });
  }
}
