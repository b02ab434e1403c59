import { Event } from "./event.js";
import type { Option, ReceivedEvent } from "./json.js";

/** A line that a program logged. Nobody holds it: a policy may act on it, the program has gone on. */
export class LogEvent extends Event {
  readonly class = "LogEvent";
  readonly deferred: boolean;
  /** Who logged: `entity-<address>:<port>` where only its address is known, as Namazu names it. */
  readonly srcEntity: string;
  readonly message: string;
  readonly #replayHint: string;
  readonly #fields: Option;

  /**
   * `fields` are further keys of the option: what else is known of the line. `replayHint` must hold nothing that depends on time or chance: no timestamp, no
   * process id.
   */
  constructor(
    entity: string,
    line: {
      readonly srcEntity: string;
      readonly message: string;
      readonly replayHint: string;
      readonly fields?: Option;
    },
    received?: ReceivedEvent,
  ) {
    super(entity, received);
    this.deferred = received?.deferred ?? false;
    this.srcEntity = line.srcEntity;
    this.message = line.message;
    this.#replayHint = line.replayHint;
    this.#fields = line.fields ?? {};
  }

  get replayHint(): string {
    return this.#replayHint;
  }

  get option(): Option {
    return this.received?.option ?? { ...this.#fields, message: this.message, src_entity: this.srcEntity };
  }
}
