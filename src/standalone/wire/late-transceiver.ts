import type { ActionSink, CrashSite, Event } from "../../signal/index.js";
import type { RemoteTransceiver, Transceiver } from "../../transceiver/index.js";

/**
 * A wire that is still being opened: what comes before it stands is accepted unseen. An inspector can be attached before
 * its wire, which it must be where the wire's own packets wait for it.
 */
export class LateTransceiver implements Transceiver {
  #wire: RemoteTransceiver | undefined;
  readonly #sites: CrashSite[] = [];

  leadTo(wire: RemoteTransceiver): void {
    this.#wire = wire;
    for (const site of this.#sites.splice(0)) wire.offerCrash(site);
  }

  /** Announced when the wire stands. */
  offerCrash(site: CrashSite): void {
    if (this.#wire === undefined) this.#sites.push(site);
    else this.#wire.offerCrash(site);
  }

  send(event: Event, sink: ActionSink): void {
    if (this.#wire !== undefined) this.#wire.send(event, sink);
    else if (event.deferred) sink.deliver(event, event.defaultAction());
  }
}
