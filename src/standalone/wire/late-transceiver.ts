import type { ActionSink, Event } from "../../signal/index.js";
import type { Transceiver } from "../../transceiver/index.js";

/**
 * A wire that is still being opened: what comes before it stands is accepted unseen. An inspector can be attached before
 * its wire, which it must be where the wire's own packets wait for it.
 */
export class LateTransceiver implements Transceiver {
  #wire: Transceiver | undefined;

  leadTo(wire: Transceiver): void {
    this.#wire = wire;
  }

  send(event: Event, sink: ActionSink): void {
    if (this.#wire !== undefined) this.#wire.send(event, sink);
    else if (event.deferred) sink.deliver(event, event.defaultAction());
  }
}
