import type { Event } from "../../signal/index.js";
import { messageOf, Silence } from "../../util/index.js";
import type { HttpClient } from "../http-client.js";
import type { Link, LinkListener } from "../link.js";
import { EntityLane } from "./entity-lane.js";

const pingIntervalMs = 1_500;
const maxMissedPings = 4;

/** REST v3, as the original's orchestrator speaks it: three requests per event, one lane per entity. */
export class RestLink implements Link {
  readonly wire = "rest";
  /** What waits to be posted is bounded by what may wait at all. */
  readonly isCongested = false;
  readonly #http: HttpClient;
  readonly #listener: LinkListener;
  readonly #lanes = new Map<string, EntityLane>();
  readonly #silence: Silence;
  #isOver = false;

  constructor(http: HttpClient, listener: LinkListener) {
    this.#http = http;
    this.#listener = listener;
    // A long poll cannot tell a policy that takes its time from a host that has lost its power.
    this.#silence = new Silence({
      intervalMs: pingIntervalMs,
      maxMissed: maxMissedPings,
      ping: () => this.#ping(),
      onSilent: () => this.#lose("it does not answer any more"),
    });
  }

  /** Whoever polls is asked for nothing but actions. */
  offerCrash(): boolean {
    return false;
  }

  send(event: Event): void {
    let lane = this.#lanes.get(event.entity);
    if (lane === undefined) {
      lane = new EntityLane({
        entity: event.entity,
        http: this.#http,
        listener: this.#listener,
        onLost: (reason) => this.#lose(reason),
        onHeard: () => this.#silence.heard(),
      });
      this.#lanes.set(event.entity, lane);
    }
    lane.send(event);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#silence.stop();
    for (const lane of this.#lanes.values()) lane.end();
    this.#http.close();
  }

  #ping(): void {
    this.#http.send({ method: "GET", path: "/", timeoutMs: pingIntervalMs * maxMissedPings }).then(
      () => this.#silence.heard(),
      (error: unknown) => this.#lose(messageOf(error)),
    );
  }

  #lose(reason: string): void {
    if (this.#isOver) return;
    void this.close();
    this.#listener.onGone(reason);
  }
}
