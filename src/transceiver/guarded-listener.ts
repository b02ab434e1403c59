import type { LinkListener } from "./link.js";

/** Passes on what a link tells until it is gone or let go of: a connection's last words must not count for the next. */
export class GuardedListener implements LinkListener {
  readonly #to: LinkListener;
  #isOver = false;

  constructor(to: LinkListener) {
    this.#to = to;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  onAction(json: unknown): void {
    if (!this.#isOver) this.#to.onAction(json);
  }

  onRefused(eventUuid: string, reason: string): void {
    if (!this.#isOver) this.#to.onRefused(eventUuid, reason);
  }

  onEntityLost(entity: string, reason: string): void {
    if (!this.#isOver) this.#to.onEntityLost(entity, reason);
  }

  onNotice(reason: string): void {
    if (!this.#isOver) this.#to.onNotice(reason);
  }

  onGone(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#to.onGone(reason);
  }
}
