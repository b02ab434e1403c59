import { ByteReader, CoverageFormatError } from "../byte-reader.js";
import type { ConstantPool, Member } from "./constant-pool.js";
import { isJump, isSwitch, op, operandBytes } from "./opcodes.js";

/** One instruction. Short forms are the long ones: `aload_1` is `aload` with variable 1. Places are indexes. */
export interface Instruction {
  readonly index: number;
  readonly opcode: number;
  /** 0: no line is known. */
  readonly line: number;
  /** A line begins here. */
  readonly startsLine: boolean;
  /** Of a jump the one, of a switch the default and then those of its cases, which may repeat. */
  readonly targets: readonly number[];
  readonly variable: number | undefined;
  /** Of what is called or accessed. */
  readonly member: Member | undefined;
  /** Of an invokedynamic: who makes its call site. */
  readonly bootstrap: Member | undefined;
  /** Of `new`. */
  readonly type: string | undefined;
}

export interface Surroundings {
  readonly pool: ConstantPool;
  readonly bootstraps: readonly Member[];
  /** Offset → line. */
  readonly lines: ReadonlyMap<number, number>;
}

interface Raw extends Omit<Instruction, "index" | "line" | "startsLine" | "targets"> {
  readonly offset: number;
  readonly targetOffsets: readonly number[];
}

/**
 * The instructions of a method's code. `indexAt` gives the index of the one at an offset; the end of the code is one
 * behind the last. Throws CoverageFormatError; subroutines (jsr, up to Java 6) are not known here.
 */
export function decodeInstructions(
  code: Uint8Array,
  surroundings: Surroundings,
): { readonly instructions: readonly Instruction[]; readonly indexAt: (offset: number) => number } {
  const reader = new ByteReader(code);
  const raw: Raw[] = [];
  while (!reader.isAtEnd) raw.push(decode(reader, surroundings));
  const indexes = new Map(raw.map(({ offset }, index) => [offset, index]));
  indexes.set(code.length, raw.length);
  const indexAt = (offset: number): number => {
    const index = indexes.get(offset);
    if (index === undefined)
      throw new CoverageFormatError("code goes to the middle of an instruction", offset);
    return index;
  };
  const targetAt = (offset: number): number => {
    if (offset === code.length) throw new CoverageFormatError("code goes behind its end", offset);
    return indexAt(offset);
  };
  let line = 0;
  const instructions = raw.map(({ offset, targetOffsets, ...rest }, index) => {
    const own = surroundings.lines.get(offset);
    line = own ?? line;
    return {
      ...rest,
      index,
      line,
      startsLine: own !== undefined && own !== 0,
      targets: targetOffsets.map(targetAt),
    };
  });
  return { instructions, indexAt };
}

const nothing = {
  targetOffsets: [] as readonly number[],
  variable: undefined,
  member: undefined,
  bootstrap: undefined,
  type: undefined,
};

function decode(reader: ByteReader, { pool, bootstraps }: Surroundings): Raw {
  const offset = reader.at;
  const opcode = reader.u1();
  const short = shortForm(opcode);
  if (short !== undefined) return { ...nothing, offset, ...short };
  if (opcode === op.wide) return { ...nothing, offset, ...wideForm(reader) };
  if (isSwitch(opcode))
    return { ...nothing, offset, opcode, targetOffsets: switchTargets(reader, opcode, offset) };
  if (opcode === op.jsr || opcode === op.jsrW || opcode === op.ret) {
    throw new CoverageFormatError("code has subroutines, as up to Java 6", offset);
  }
  if (isJump(opcode)) return { ...nothing, offset, opcode, targetOffsets: [offset + reader.s2()] };
  if (opcode === op.gotoW)
    return { ...nothing, offset, opcode: op.goto, targetOffsets: [offset + reader.s4()] };
  const operands = new ByteReader(reader.slice(operandBytes(opcode)));
  if ((opcode >= op.iload && opcode <= op.aload) || (opcode >= op.istore && opcode <= op.astore)) {
    return { ...nothing, offset, opcode, variable: operands.u1() };
  }
  if (opcode === op.invokedynamic) {
    const { bootstrap, name, descriptor } = pool.dynamic(operands.u2());
    return {
      ...nothing,
      offset,
      opcode,
      member: { owner: "", name, descriptor },
      bootstrap: bootstraps[bootstrap],
    };
  }
  if (opcode >= op.getstatic && opcode <= op.invokeinterface) {
    return { ...nothing, offset, opcode, member: pool.member(operands.u2()) };
  }
  if (opcode === op.new) return { ...nothing, offset, opcode, type: pool.named(operands.u2()) };
  return { ...nothing, offset, opcode: opcode === 19 || opcode === 20 ? op.ldc : opcode };
}

/** iload_0 … aload_3 and istore_0 … astore_3. */
function shortForm(opcode: number): { opcode: number; variable: number } | undefined {
  if (opcode >= 26 && opcode <= 45)
    return { opcode: op.iload + ((opcode - 26) >> 2), variable: (opcode - 26) & 3 };
  if (opcode >= 59 && opcode <= 78)
    return { opcode: op.istore + ((opcode - 59) >> 2), variable: (opcode - 59) & 3 };
  return undefined;
}

function wideForm(reader: ByteReader): { opcode: number; variable: number } {
  const opcode = reader.u1();
  const variable = reader.u2();
  if (opcode === op.ret) throw new CoverageFormatError("code has subroutines, as up to Java 6", reader.at);
  if (opcode === 132) reader.slice(2); // iinc
  return { opcode, variable };
}

/** The default comes first. Operands begin at a multiple of four. */
function switchTargets(reader: ByteReader, opcode: number, offset: number): readonly number[] {
  reader.slice((4 - (reader.at % 4)) % 4);
  const targets = [offset + reader.s4()];
  if (opcode === op.tableswitch) {
    const low = reader.s4();
    const high = reader.s4();
    for (let key = low; key <= high; key++) targets.push(offset + reader.s4());
  } else {
    for (let pairs = reader.s4(); pairs > 0; pairs--) {
      reader.slice(4);
      targets.push(offset + reader.s4());
    }
  }
  return targets;
}
