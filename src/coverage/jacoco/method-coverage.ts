import type { Method } from "../class-file/class-file.js";
import type { Instruction } from "../class-file/instructions.js";
import { isExit, isJump, isSwitch } from "../class-file/opcodes.js";
import { type Flow, flowOf } from "./flow.js";
import { InstructionNode } from "./instruction-node.js";

/** The probes of a class, taken one after the other in the order of its methods. */
export class ProbeSource {
  readonly #probes: readonly boolean[] | undefined;
  #next = 0;

  constructor(probes: readonly boolean[] | undefined) {
    this.#probes = probes;
  }

  /** How many were taken. */
  get count(): number {
    return this.#next;
  }

  take(): boolean {
    const isHit = this.#probes?.[this.#next] === true;
    this.#next += 1;
    return isHit;
  }
}

interface Jump {
  readonly from: InstructionNode;
  readonly target: number;
  readonly branch: number;
}

/**
 * A node for each instruction of a method, with what its probes say. Probes are where JaCoCo's MethodProbesAdapter puts
 * them: before an instruction that `flowOf` says, on a jump to where more than one way leads, on such targets of a switch,
 * and at each exit.
 */
export function coverMethod(method: Method, probes: ProbeSource): InstructionNode[] {
  const flow = flowOf(method);
  const nodes: InstructionNode[] = [];
  const jumps: Jump[] = [];
  let before: InstructionNode | undefined;
  for (const instruction of method.instructions) {
    const { index, opcode, targets } = instruction;
    if (flow.hasProbeBefore[index]) {
      before?.passesProbe(probes.take(), 0);
      before = undefined;
    }
    if (!flow.isSuccessor[index]) before = undefined;
    const node = new InstructionNode(instruction.line);
    nodes.push(node);
    before?.leadsTo(node, 0);
    before = node;
    if (isExit(opcode)) node.passesProbe(probes.take(), 0);
    else if (isJump(opcode)) {
      const target = targets[0]!;
      if (flow.isMultiTarget[target]) node.passesProbe(probes.take(), 1);
      else jumps.push({ from: node, target, branch: 1 });
    } else if (isSwitch(opcode)) coverSwitch(instruction, node, { flow, probes, jumps });
  }
  for (const { from, target, branch } of jumps) from.leadsTo(nodes[target]!, branch);
  return nodes;
}

/** Each target is one branch, however many cases go there. Numbers of branches need only differ. */
function coverSwitch(
  { targets }: Instruction,
  node: InstructionNode,
  { flow, probes, jumps }: { readonly flow: Flow; readonly probes: ProbeSource; readonly jumps: Jump[] },
): void {
  for (const [branch, target] of [...new Set(targets)].entries()) {
    if (flow.isMultiTarget[target]) node.passesProbe(probes.take(), branch);
    else jumps.push({ from: node, target, branch });
  }
}
