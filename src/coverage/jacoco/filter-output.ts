import type { InstructionNode } from "./instruction-node.js";

/** What filters say of a method's instructions, by index, and what that makes of them. As JaCoCo's MethodCoverageCalculator. */
export class FilterOutput {
  readonly #ignored = new Set<number>();
  readonly #merged = new Map<number, number>();
  readonly #replaced = new Map<number, readonly number[]>();

  /** From one to another, both included. */
  ignore(from: number, to: number): void {
    for (let index = from; index <= to; index++) this.#ignored.add(index);
  }

  /** The two were one instruction in the source. */
  merge(one: number, other: number): void {
    const first = this.#representative(one);
    const second = this.#representative(other);
    if (first !== second) this.#merged.set(second, first);
  }

  /** These are the ways that lead on from it, as far as the source goes. */
  replaceBranches(source: number, targets: ReadonlySet<number>): void {
    this.#replaced.set(source, [...targets]);
  }

  /** The nodes that count. */
  apply(given: readonly InstructionNode[]): InstructionNode[] {
    const nodes = [...given];
    const copies = [...this.#merged.keys()].map((copy) => [copy, this.#representative(copy)] as const);
    for (const [copy, original] of copies) {
      this.#ignored.add(copy);
      nodes[original] = nodes[original]!.merged(nodes[copy]!);
    }
    for (const [copy, original] of copies) nodes[copy] = nodes[original]!;
    for (const [source, targets] of this.#replaced) {
      nodes[source] = nodes[source]!.withBranches(targets.map((target) => nodes[target]!));
    }
    return nodes.filter((_, index) => !this.#ignored.has(index));
  }

  #representative(index: number): number {
    let found = index;
    for (let next = this.#merged.get(found); next !== undefined; next = this.#merged.get(found)) found = next;
    return found;
  }
}
