import { constants } from "node:os";
import type { AlterReply } from "./reply-faults.js";
import type { Session } from "./session.js";
import { isFault } from "./verdict.js";

interface Held {
  readonly uniqueLow: number;
  readonly uniqueHigh: number;
  readonly pid: number;
  /** A request to be done when it is let go, or a reply to be sent. */
  readonly request: Uint8Array | undefined;
  readonly reply: Uint8Array | undefined;
  readonly takeBack: (() => void) | undefined;
  readonly alter: AlterReply | undefined;
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
    this.#add(id, this.#session.request.copy(), undefined, undefined, undefined);
  }

  holdReply(
    id: number,
    reply: Uint8Array,
    takeBack: (() => void) | undefined,
    alter: AlterReply | undefined,
  ): void {
    this.#add(id, undefined, reply, takeBack, alter);
  }

  #add(
    id: number,
    request: Uint8Array | undefined,
    reply: Uint8Array | undefined,
    takeBack: (() => void) | undefined,
    alter: AlterReply | undefined,
  ): void {
    const { words, pid } = this.#session.request;
    this.#session.gate.hold();
    this.#held.set(id, { uniqueLow: words[2]!, uniqueHigh: words[3]!, pid, request, reply, takeBack, alter });
  }

  readonly #due: { readonly held: Held; readonly code: number; readonly argument: number }[] = [];

  /** Notes an answer; carried out by `carryOut`, because a request may be in the middle of being handled. */
  answer(id: number, code: number, argument: number): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    this.#due.push({ held, code, argument });
  }

  get hasDue(): boolean {
    return this.#due.length > 0;
  }

  carryOut(): void {
    for (const { held, code, argument } of this.#due.splice(0)) this.#finish(held, code, argument);
  }

  releaseAll(): void {
    for (const id of [...this.#held.keys()]) this.answer(id, 0, 0);
  }

  /** Somebody interrupts the call with this `unique`. */
  interrupt(uniqueLow: number, uniqueHigh: number, isDying: (pid: number) => boolean): void {
    for (const [id, held] of this.#held) {
      if (held.uniqueLow !== uniqueLow || held.uniqueHigh !== uniqueHigh) continue;
      if (isDying(held.pid)) this.answer(id, constants.errno.EINTR, 0);
      return;
    }
  }

  #finish(held: Held, code: number, argument: number): void {
    const session = this.#session;
    const { request, reply } = session;
    if (code !== 0 && !isFault(code)) {
      held.takeBack?.();
      reply.sendErrorTo(held.uniqueLow, held.uniqueHigh, code);
    } else if (held.request !== undefined) {
      request.restore(held.request);
      session.orderFault(code, argument);
      this.proceed();
    } else {
      const length = reply.restore(held.reply!);
      const told = code === 0 ? length : session.alterReply(held.alter, code, argument, length);
      if (!reply.send(told)) held.takeBack?.();
    }
  }
}
