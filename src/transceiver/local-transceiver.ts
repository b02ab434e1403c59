import type { ActionSink, Event, EventIntake } from "../signal/index.js";
import type { Transceiver } from "./transceiver.js";

/** The wire of length zero: `local://`. */
export class LocalTransceiver implements Transceiver {
  readonly #intake: EventIntake;

  constructor(intake: EventIntake) {
    this.#intake = intake;
  }

  send(event: Event, sink: ActionSink): void {
    this.#intake.submit(event, sink);
  }
}
