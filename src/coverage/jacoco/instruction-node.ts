/**
 * An instruction and which of its branches were taken. Probes stand at few places; that an instruction was executed follows
 * from what comes behind it, so each tells the one before it, which is known when the method is read.
 */
export class InstructionNode {
  readonly line: number;
  /** Ways that lead on from it. */
  branchCount = 0;
  readonly covered = new Set<number>();
  #predecessor: InstructionNode | undefined;
  #predecessorBranch = 0;

  constructor(line: number) {
    this.line = line;
  }

  get isCovered(): boolean {
    return this.covered.size > 0;
  }

  /** A way to another instruction. */
  leadsTo(target: InstructionNode, branch: number): void {
    this.branchCount += 1;
    target.#predecessor = this;
    target.#predecessorBranch = branch;
    if (target.isCovered) this.#cover(branch);
  }

  /** A way with a probe on it. */
  passesProbe(isHit: boolean, branch: number): void {
    this.branchCount += 1;
    if (isHit) this.#cover(branch);
  }

  /** One of several copies of the same code: executed where any is. */
  merged(other: InstructionNode): InstructionNode {
    const node = new InstructionNode(this.line);
    node.branchCount = this.branchCount;
    for (const branch of [...this.covered, ...other.covered]) node.covered.add(branch);
    return node;
  }

  /** With these ways on instead of its own. */
  withBranches(targets: readonly InstructionNode[]): InstructionNode {
    const node = new InstructionNode(this.line);
    node.branchCount = targets.length;
    for (const [branch, target] of targets.entries()) if (target.isCovered) node.covered.add(branch);
    return node;
  }

  #cover(branch: number): void {
    let node: InstructionNode | undefined = this;
    let taken = branch;
    while (node !== undefined) {
      const wasCovered: boolean = node.isCovered;
      node.covered.add(taken);
      if (wasCovered) return;
      taken = node.#predecessorBranch;
      node = node.#predecessor;
    }
  }
}
