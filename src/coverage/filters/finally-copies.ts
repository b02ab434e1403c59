import type { ExceptionRange, Method } from "../class-file/class-file.js";
import type { Instruction } from "../class-file/instructions.js";
import { isExit, isJump, op } from "../class-file/opcodes.js";
import type { FilterOutput } from "../jacoco/filter-output.js";

/**
 * A finally block is compiled once for each way out of its try, and once more for exceptions: copies of one piece of source,
 * which count once. The one for exceptions is a handler of everything that keeps the exception, does the block, and throws
 * it again; the others stand where the ways out of what it guards lead.
 */
export function mergeFinallyCopies({ instructions, exceptionRanges }: Method, output: FilterOutput): void {
  for (const range of exceptionRanges) {
    if (range.type !== undefined) continue;
    const size = sizeOfBlock(instructions, range.handler);
    if (size <= 0) continue;
    for (const copy of copiesOf(instructions, exceptionRanges, range)) {
      mergeCopy(instructions, range.handler, copy, size, output);
    }
  }
}

/** Instructions between keeping the exception and throwing it again; 0 where the handler is another kind. */
function sizeOfBlock(instructions: readonly Instruction[], handler: number): number {
  const first = instructions[handler];
  if (first?.opcode !== op.astore) return 0;
  const end = instructions.findIndex(
    ({ index, opcode, variable }) => index > handler && opcode === op.aload && variable === first.variable,
  );
  return end >= 0 && instructions[end + 1]?.opcode === op.athrow ? end - handler - 1 : 0;
}

/** Where copies may stand: outside of what is guarded, and next behind it. */
function* copiesOf(
  instructions: readonly Instruction[],
  ranges: readonly ExceptionRange[],
  catchAny: ExceptionRange,
): Generator<number> {
  const guarded = ranges.filter(({ handler }) => handler === catchAny.handler);
  const isInside = (index: number) => guarded.some(({ start, end }) => index >= start && index < end);
  for (const range of ranges) {
    if (range.handler === catchAny.handler) {
      let continues = false;
      for (const { opcode, targets } of instructions.slice(range.start, range.end)) {
        continues = opcode !== op.goto && !isExit(opcode);
        if (isJump(opcode) && !isInside(targets[0]!)) yield targets[0]!;
      }
      if (continues && !isInside(range.end)) yield range.end;
    }
    if (range !== catchAny && range.start === catchAny.start && range.end === catchAny.end) {
      if (!isInside(range.handler + 1)) yield range.handler + 1;
    }
  }
}

function mergeCopy(
  instructions: readonly Instruction[],
  handler: number,
  copy: number,
  size: number,
  output: FilterOutput,
): void {
  const first = handler + 1;
  for (let place = 0; place < size; place++) {
    const other = instructions[copy + place];
    if (other === undefined || other.opcode !== instructions[first + place]!.opcode) return;
  }
  output.ignore(handler, handler);
  for (let place = 0; place < size; place++) output.merge(first + place, copy + place);
  output.ignore(first + size, first + size + 1);
  if (instructions[copy + size]?.opcode === op.goto) output.ignore(copy + size, copy + size);
}
