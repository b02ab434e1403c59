import type { ClassFile, Method } from "../class-file/class-file.js";
import type { Instruction } from "../class-file/instructions.js";
import { isSwitch, op } from "../class-file/opcodes.js";
import type { FilterOutput } from "../jacoco/filter-output.js";
import { Matcher } from "./matcher.js";

/** The handler that lets go of a monitor when a synchronized block throws. */
export function ignoreMonitorExits({ instructions, exceptionRanges }: Method, output: FilterOutput): void {
  for (const { start, handler, type } of exceptionRanges) {
    if (type !== undefined || start === handler) continue;
    const ecj = new Matcher(instructions, handler).op(op.aload, op.monitorexit, op.athrow);
    const javac = new Matcher(instructions, handler)
      .variable(op.astore, "t")
      .op(op.aload, op.monitorexit)
      .variable(op.aload, "t")
      .op(op.athrow);
    const found = [ecj, javac].find(({ matches }) => matches);
    if (found !== undefined) output.ignore(handler, found.next - 1);
  }
}

/** Of `assert`: the check whether assertions are on, and where that is asked. */
export function ignoreAssertions(
  { instructions, name }: Method,
  { name: owner }: ClassFile,
  output: FilterOutput,
): void {
  const flag = [owner, "$assertionsDisabled", "Z"] as const;
  for (const { index } of instructions) {
    const get = new Matcher(instructions, index).member(op.getstatic, ...flag).op(op.ifne);
    if (get.matches) output.ignore(get.next - 1, get.next - 1);
    if (name !== "<clinit>") continue;
    const set = new Matcher(instructions, index)
      .member(op.invokevirtual, "java/lang/Class", "desiredAssertionStatus", "()Z")
      .op(op.ifne, op.iconst1, op.goto, op.iconst0)
      .member(op.putstatic, ...flag);
    // What loads the class stands before the call.
    if (set.matches) output.ignore(Math.max(0, index - 1), set.next - 1);
  }
}

/** A switch over strings is two: the first, by hash code, is the compiler's. */
export function ignoreStringHashes({ instructions }: Method, output: FilterOutput): void {
  for (const first of instructions) {
    if (!isSwitch(first.opcode)) continue;
    const second = first.targets[0]!;
    if (isByHash(instructions, first, second)) output.ignore(first.index, second - 1);
  }
}

function isByHash(instructions: readonly Instruction[], first: Instruction, second: number): boolean {
  const string = "java/lang/String";
  const matcher = new Matcher(instructions, first.index - 4)
    .op(op.iconstM1)
    .variable(op.istore, "c")
    .variable(op.aload, "s")
    .member(op.invokevirtual, string, "hashCode", "()I");
  matcher.any();
  for (;;) {
    matcher
      .variable(op.aload, "s")
      .op(op.ldc)
      .member(op.invokevirtual, string, "equals", "(Ljava/lang/Object;)Z")
      .op(op.ifeq);
    matcher.any();
    matcher.variable(op.istore, "c");
    if (!matcher.matches) return false;
    if (matcher.next === second) break;
    const jump = matcher.any();
    if (jump?.opcode !== op.goto || jump.targets[0] !== second) return false;
  }
  matcher.variable(op.iload, "c");
  const last = matcher.any();
  return matcher.matches && last !== undefined && isSwitch(last.opcode);
}

/** The default of a switch that needs none: what the compiler throws there. */
export function ignoreNeedlessDefaults({ instructions }: Method, output: FilterOutput): void {
  for (const { index, opcode, targets, line } of instructions) {
    if (!isSwitch(opcode)) continue;
    const [other = 0, ...cases] = targets;
    const at = instructions[other];
    if (at === undefined || (at.startsLine && at.line !== line)) continue;
    const found = [matchException(instructions, other), incompatibleChange(instructions, other)].find(
      ({ matches }) => matches,
    );
    if (found === undefined) continue;
    output.ignore(other, found.next - 1);
    output.replaceBranches(index, new Set(cases));
  }
}

function matchException(instructions: readonly Instruction[], start: number): Matcher {
  const name = "java/lang/MatchException";
  return new Matcher(instructions, start)
    .new(name)
    .op(op.dup, op.aconstNull, op.aconstNull)
    .member(op.invokespecial, name, "<init>", "(Ljava/lang/String;Ljava/lang/Throwable;)V")
    .op(op.athrow);
}

function incompatibleChange(instructions: readonly Instruction[], start: number): Matcher {
  const name = "java/lang/IncompatibleClassChangeError";
  return new Matcher(instructions, start)
    .new(name)
    .op(op.dup)
    .member(op.invokespecial, name, "<init>", "()V")
    .op(op.athrow);
}

/** What a record pattern throws when a component's accessor does. */
export function ignorePatternFailures({ instructions, exceptionRanges }: Method, output: FilterOutput): void {
  const name = "java/lang/MatchException";
  for (const { handler, type } of exceptionRanges) {
    if (type !== "java/lang/Throwable") continue;
    const matcher = new Matcher(instructions, handler)
      .variable(op.astore, "cause")
      .new(name)
      .op(op.dup)
      .variable(op.aload, "cause")
      .member(op.invokevirtual, "java/lang/Throwable", "toString", "()Ljava/lang/String;")
      .variable(op.aload, "cause")
      .member(op.invokespecial, name, "<init>", "(Ljava/lang/String;Ljava/lang/Throwable;)V")
      .op(op.athrow);
    if (matcher.matches) output.ignore(handler, matcher.next - 1);
  }
}
