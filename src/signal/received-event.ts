import { Event } from "./event.js";
import type { Option, ReceivedEvent } from "./json.js";

/** An event of a class that carries nothing which we read: Namazu's NopEvent and CFunctionEvent. */
export class PlainReceivedEvent extends Event {
  readonly class: string;
  readonly deferred: boolean;
  readonly replayHint: string;
  readonly option: Option;

  constructor(received: ReceivedEvent) {
    super(received.entity, received);
    this.class = received.class;
    this.deferred = received.deferred;
    this.replayHint = received.replay_hint;
    this.option = received.option;
  }
}
