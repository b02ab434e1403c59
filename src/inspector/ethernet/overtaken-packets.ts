/** A packet that waits until later ones of its flow have passed it. */
interface Waiting {
  readonly id: number;
  readonly packets: number;
  readonly letGo: (passedBy: number) => void;
  readonly timer: NodeJS.Timeout;
  passed: number;
}

/** The packets held by "reorder", by flow. */
export class OvertakenPackets {
  readonly #flows = new Map<string, Set<Waiting>>();

  get size(): number {
    return this.#flows.size;
  }

  /** `letGo` is called once: when `packets` later ones have passed, when the time is up, or by `letAllGo`. */
  hold(
    flow: string,
    id: number,
    { packets, withinMs }: { readonly packets: number; readonly withinMs: number },
    letGo: (passedBy: number) => void,
  ): void {
    const waiting: Waiting = {
      id,
      packets,
      letGo,
      passed: 0,
      timer: setTimeout(() => this.#end(flow, waiting), withinMs),
    };
    const others = this.#flows.get(flow);
    if (others === undefined) this.#flows.set(flow, new Set([waiting]));
    else others.add(waiting);
  }

  /** That packet has been let go. */
  passed(flow: string, id: number): void {
    for (const waiting of [...(this.#flows.get(flow) ?? [])]) {
      // The kernel counts them in 32 bits.
      if (((id - waiting.id) | 0) <= 0) continue;
      waiting.passed += 1;
      if (waiting.passed >= waiting.packets) this.#end(flow, waiting);
    }
  }

  letAllGo(): void {
    for (const [flow, waiting] of this.#flows) for (const each of waiting) this.#end(flow, each);
  }

  #end(flow: string, waiting: Waiting): void {
    const others = this.#flows.get(flow);
    if (others?.delete(waiting) !== true) return;
    if (others.size === 0) this.#flows.delete(flow);
    clearTimeout(waiting.timer);
    waiting.letGo(waiting.passed);
  }
}
