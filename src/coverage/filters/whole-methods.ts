import { access, type ClassFile, type Method } from "../class-file/class-file.js";
import { op } from "../class-file/opcodes.js";
import { Matcher } from "./matcher.js";

/** True for methods that the compiler made, which nobody can test. */
export function isGenerated(method: Method, owner: ClassFile): boolean {
  return (
    isSynthetic(method) ||
    (method.access & access.bridge) !== 0 ||
    isOfEnum(method, owner) ||
    isEmptyConstructor(method, owner) ||
    isOfRecord(method, owner) ||
    [...owner.annotations, ...method.annotations].some(saysGenerated)
  );
}

/** A lambda's body is the user's. */
function isSynthetic({ access: flags, name }: Method): boolean {
  return (flags & access.synthetic) !== 0 && !name.startsWith("lambda$");
}

function saysGenerated(annotation: string): boolean {
  const start = Math.max(annotation.lastIndexOf("/"), annotation.lastIndexOf("$")) + 1;
  return annotation.slice(start).includes("Generated");
}

function isOfEnum({ name, descriptor }: Method, { superName, name: owner }: ClassFile): boolean {
  if (superName !== "java/lang/Enum") return false;
  return (
    (name === "values" && descriptor === `()[L${owner};`) ||
    (name === "valueOf" && descriptor === `(Ljava/lang/String;)L${owner};`)
  );
}

function isEmptyConstructor(method: Method, { superName }: ClassFile): boolean {
  if (method.name !== "<init>") return false;
  const matcher = new Matcher(method.instructions, 0).this0();
  if (superName === "java/lang/Enum" && method.descriptor === "(Ljava/lang/String;I)V") {
    matcher.op(op.aload, op.iload);
  } else if ((method.access & access.private) === 0 || method.descriptor !== "()V") return false;
  return matcher.member(op.invokespecial, superName, "<init>", method.descriptor).op(op.return).matches;
}

function isOfRecord(method: Method, { superName }: ClassFile): boolean {
  if (superName !== "java/lang/Record") return false;
  const { name, descriptor, instructions } = method;
  if (isFieldAccessor(method)) return true;
  const arguments_ = objectMethods[name];
  if (arguments_ !== descriptor) return false;
  const call = instructions.find(({ opcode }) => opcode === op.invokedynamic);
  const isBootstrapped =
    call?.bootstrap?.owner === "java/lang/runtime/ObjectMethods" && call.member?.name === name;
  return isBootstrapped && instructions.length === (name === "equals" ? 4 : 3);
}

const objectMethods: Readonly<Record<string, string>> = {
  toString: "()Ljava/lang/String;",
  hashCode: "()I",
  equals: "(Ljava/lang/Object;)Z",
};

function isFieldAccessor({ name, descriptor, instructions }: Method): boolean {
  if (!descriptor.startsWith("()")) return false;
  const [first, second, third] = instructions;
  return (
    first?.opcode === op.aload &&
    first.variable === 0 &&
    second?.opcode === op.getfield &&
    second.member?.name === name &&
    third !== undefined &&
    third.opcode >= op.ireturn &&
    third.opcode < op.return
  );
}
