import type { Event } from "../../signal/index.js";
import { messageOf } from "../../util/index.js";
import { answerText } from "../answer-text.js";
import type { HttpAnswer, HttpClient } from "../http-client.js";
import type { LinkListener } from "../link.js";

// The server only takes an event in; the policy has not seen it yet when it answers.
const answerTimeoutMs = 10_000;
const longestPauseS = 10;

export interface LaneOptions {
  readonly entity: string;
  readonly http: HttpClient;
  readonly listener: LinkListener;
  /** The connection is lost, for every entity. */
  readonly onLost: (reason: string) => void;
  /** Anything was heard. */
  readonly onHeard: () => void;
}

/**
 * One entity's events and answers over REST v3 (design: "Client contract"). Events are posted one after the other, so
 * that they arrive in the order in which they were seen. One loop gets the first action, takes it out of the server's
 * queue and gets the next: never two GETs at once, because the server would end the older one.
 */
export class EntityLane {
  readonly #options: LaneOptions;
  readonly #actionsPath: string;
  readonly #eventsPath: string;
  readonly #unposted: Event[] = [];
  #isPosting = false;
  #isOver = false;
  /** Between a failed poll and the next attempt nobody would fetch an answer. */
  #pause: { readonly reason: string; readonly end: () => void } | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    const entity = encodeURIComponent(options.entity);
    this.#actionsPath = `/api/v3/actions/${entity}`;
    this.#eventsPath = `/api/v3/events/${entity}`;
    void this.#poll();
  }

  send(event: Event): void {
    if (this.#pause !== undefined) {
      this.#options.listener.onRefused(event.uuid, this.#pause.reason);
      return;
    }
    this.#unposted.push(event);
    if (!this.#isPosting) void this.#post();
  }

  end(): void {
    this.#isOver = true;
    this.#unposted.length = 0;
    this.#pause?.end();
  }

  async #post(): Promise<void> {
    const { http, listener, onLost, onHeard } = this.#options;
    this.#isPosting = true;
    for (let event = this.#unposted.shift(); event !== undefined; event = this.#unposted.shift()) {
      try {
        const answer = await http.send({
          method: "POST",
          path: `${this.#eventsPath}/${encodeURIComponent(event.uuid)}`,
          body: JSON.stringify(event),
          timeoutMs: answerTimeoutMs,
        });
        onHeard();
        if (answer.status !== 200 && !isRepeated(answer))
          listener.onRefused(event.uuid, answerText(`a ${event.class}`, answer));
      } catch (error) {
        if (!this.#isOver) onLost(messageOf(error));
        break;
      }
    }
    this.#isPosting = false;
  }

  async #poll(): Promise<void> {
    let errors = 0;
    while (!this.#isOver) {
      try {
        const failure = await this.#fetchOne();
        if (failure === undefined) {
          errors = 0;
          continue;
        }
        errors += 1;
        await this.#rest(failure, Math.min(errors, longestPauseS) * 1000);
      } catch (error) {
        if (!this.#isOver) this.#options.onLost(messageOf(error));
        return;
      }
    }
  }

  /** Undefined when an action was fetched and taken out; otherwise why not. */
  async #fetchOne(): Promise<string | undefined> {
    const { http, listener, onHeard } = this.#options;
    const got = await http.send({ method: "GET", path: this.#actionsPath });
    onHeard();
    if (this.#isOver) return undefined;
    if (got.status !== 200) return answerText(`polling for ${this.#options.entity}`, got);
    let action: unknown;
    try {
      action = JSON.parse(got.text);
    } catch (error) {
      return `polling for ${this.#options.entity} was answered with no JSON: ${messageOf(error)}`;
    }
    // Carried out before it is taken out, which saves a round trip: should it come again, nothing waits for it.
    listener.onAction(action);
    const uuid = uuidOf(action);
    if (uuid === undefined)
      return `polling for ${this.#options.entity} was answered with an action without uuid`;
    const path = `${this.#actionsPath}/${encodeURIComponent(uuid)}`;
    const taken = await http.send({ method: "DELETE", path, timeoutMs: answerTimeoutMs });
    onHeard();
    return taken.status === 200
      ? undefined
      : answerText(`taking out an action of ${this.#options.entity}`, taken);
  }

  async #rest(reason: string, pauseMs: number): Promise<void> {
    const { promise, resolve } = withResolver();
    const timer = setTimeout(resolve, pauseMs).unref();
    this.#pause = { reason, end: resolve };
    this.#options.listener.onEntityLost(this.#options.entity, reason);
    this.#unposted.length = 0;
    await promise;
    clearTimeout(timer);
    this.#pause = undefined;
  }
}

/** The first time it came over a connection that broke, and was taken all the same: its action is on the way. */
function isRepeated({ status, text }: HttpAnswer): boolean {
  return status === 409 && text.includes('"NMZ_REST_UUID_TWICE"');
}

function uuidOf(action: unknown): string | undefined {
  const { uuid } = (action ?? {}) as { uuid?: unknown };
  return typeof uuid === "string" && uuid !== "" ? uuid : undefined;
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
