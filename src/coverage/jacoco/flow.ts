import type { Method } from "../class-file/class-file.js";
import { fallsThrough, isInvocation, isJump, isSwitch } from "../class-file/opcodes.js";

/** What decides where JaCoCo puts probes, by the index of an instruction. */
export interface Flow {
  /** Reached from the instruction before it. */
  readonly isSuccessor: readonly boolean[];
  /** Reached in more than one way. */
  readonly isMultiTarget: readonly boolean[];
  /** A probe stands before it: it is reached in more than one way, or a line with calls begins, which may throw. */
  readonly hasProbeBefore: readonly boolean[];
}

/**
 * Ways that lead to each instruction: jumps, switches (one for each switch, however many of its cases go there), the first
 * instruction, handlers and the beginnings of what they guard, and the instruction before. As JaCoCo's LabelFlowAnalyzer.
 */
export function flowOf({ instructions, exceptionRanges }: Method): Flow {
  const count = instructions.length;
  const ways = new Array<number>(count + 1).fill(0);
  const isSuccessor = new Array<boolean>(count + 1).fill(false);
  const callsInLine = new Array<boolean>(count + 1).fill(false);
  ways[0]! += 1;
  for (const { start, handler } of exceptionRanges) {
    ways[start]! += 1;
    ways[handler]! += 1;
  }
  let lineStart: number | undefined;
  for (const { index, opcode, targets, startsLine } of instructions) {
    if (startsLine) lineStart = index;
    if (isJump(opcode)) ways[targets[0]!]! += 1;
    else if (isSwitch(opcode)) for (const target of new Set(targets)) ways[target]! += 1;
    else if (isInvocation(opcode) && lineStart !== undefined) callsInLine[lineStart] = true;
    isSuccessor[index + 1] = fallsThrough(opcode);
  }
  const isMultiTarget = ways.map((number, index) => number + (isSuccessor[index] ? 1 : 0) > 1 && number > 0);
  const hasProbeBefore = isMultiTarget.map(
    (isMulti, index) => isSuccessor[index] === true && (isMulti || callsInLine[index] === true),
  );
  return { isSuccessor, isMultiTarget, hasProbeBefore };
}
