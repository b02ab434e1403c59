import { constants } from "node:os";
import type { Session } from "./session.js";

interface Held {
  readonly uniqueLow: number;
  readonly uniqueHigh: number;
  readonly pid: number;
  /** A request to be done when it is let go, or a reply to be sent. */
  readonly request: Uint8Array | undefined;
  readonly reply: Uint8Array | undefined;
  readonly takeBack: (() => void) | undefined;
}

/** Operations that wait for their answer, by id. Each is a copy, so that others go on meanwhile. */
export class HeldRequests {
  readonly #session: Session;
  readonly #held = new Map<number, Held>();
  /** Does a request that was let go; set by the serving loop. */
  proceed: () => void = () => {};

  constructor(session: Session) {
    this.#session = session;
  }

  get size(): number {
    return this.#held.size;
  }

  holdRequest(id: number): void {
    this.#add(id, this.#session.request.copy(), undefined, undefined);
  }

  holdReply(id: number, reply: Uint8Array, takeBack: (() => void) | undefined): void {
    this.#add(id, undefined, reply, takeBack);
  }

  #add(
    id: number,
    request: Uint8Array | undefined,
    reply: Uint8Array | undefined,
    takeBack: (() => void) | undefined,
  ): void {
    const { words, pid } = this.#session.request;
    this.#session.gate.hold();
    this.#held.set(id, { uniqueLow: words[2]!, uniqueHigh: words[3]!, pid, request, reply, takeBack });
  }

  readonly #due: { readonly held: Held; readonly errno: number }[] = [];

  /** Notes an answer; carried out by `carryOut`, because a request may be in the middle of being handled. */
  answer(id: number, errno: number): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    this.#due.push({ held, errno });
  }

  get hasDue(): boolean {
    return this.#due.length > 0;
  }

  carryOut(): void {
    for (const { held, errno } of this.#due.splice(0)) this.#finish(held, errno);
  }

  releaseAll(): void {
    for (const id of [...this.#held.keys()]) this.answer(id, 0);
  }

  /** Somebody interrupts the call with this `unique`. */
  interrupt(uniqueLow: number, uniqueHigh: number, isDying: (pid: number) => boolean): void {
    for (const [id, held] of this.#held) {
      if (held.uniqueLow !== uniqueLow || held.uniqueHigh !== uniqueHigh) continue;
      if (isDying(held.pid)) this.answer(id, constants.errno.EINTR);
      return;
    }
  }

  #finish(held: Held, errno: number): void {
    const { request, reply } = this.#session;
    if (errno !== 0) {
      held.takeBack?.();
      reply.sendErrorTo(held.uniqueLow, held.uniqueHigh, errno);
    } else if (held.request !== undefined) {
      request.restore(held.request);
      this.proceed();
    } else if (!reply.sendCopy(held.reply!)) {
      held.takeBack?.();
    }
  }
}
