import type { Method } from "../class-file/class-file.js";
import type { Instruction } from "../class-file/instructions.js";
import { op } from "../class-file/opcodes.js";
import type { FilterOutput } from "../jacoco/filter-output.js";
import { Matcher } from "./matcher.js";

/**
 * What javac (11 and newer) makes of the end of a try with resources: the resource is closed behind the body, and in a handler,
 * where what closing throws is added to what the body threw. Resources that may be null are looked at first.
 */
export function ignoreResourceClosing({ instructions, exceptionRanges }: Method, output: FilterOutput): void {
  for (const { handler, type } of exceptionRanges) {
    if (type !== "java/lang/Throwable") continue;
    for (const looksAtNull of [true, false]) ignoreClosing(instructions, handler, looksAtNull, output);
  }
}

function ignoreClosing(
  instructions: readonly Instruction[],
  handler: number,
  looksAtNull: boolean,
  output: FilterOutput,
): void {
  const matcher = new Matcher(instructions, handler).variable(op.astore, "primary");
  const closing = matchClose(matcher, looksAtNull);
  matcher
    .op(op.goto)
    .variable(op.astore, "t")
    .variable(op.aload, "primary")
    .variable(op.aload, "t")
    .member(op.invokevirtual, "java/lang/Throwable", "addSuppressed", "(Ljava/lang/Throwable;)V")
    .variable(op.aload, "primary")
    .op(op.athrow);
  if (!matcher.matches || closing === undefined) return;
  for (let start = handler - 1; start >= 0; start--) {
    const other = new Matcher(instructions, start);
    const found = matchClose(other, looksAtNull);
    if (found === undefined || found.resource !== closing.resource || found.owner !== closing.owner) continue;
    const behind = instructions[other.next]?.opcode === op.goto ? other.next : other.next - 1;
    output.ignore(start, behind);
    output.ignore(handler, matcher.next - 1);
    return;
  }
}

/** Which variable is closed, as what. */
function matchClose(
  matcher: Matcher,
  looksAtNull: boolean,
): { readonly resource: number; readonly owner: string } | undefined {
  if (looksAtNull) matcher.variable(op.aload, "r").op(op.ifnull);
  const load = matcher.any();
  const call = matcher.any();
  if (!matcher.matches || load?.opcode !== op.aload || call === undefined) return undefined;
  if (call.opcode !== op.invokevirtual && call.opcode !== op.invokeinterface) return undefined;
  if (call.member?.name !== "close" || call.member.descriptor !== "()V") return undefined;
  return { resource: load.variable!, owner: call.member.owner };
}
