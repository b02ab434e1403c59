/** Of the instructions that anybody asks for by name; JVM Specification, chapter 6. */
export const op = {
  aconstNull: 1,
  iconstM1: 2,
  iconst0: 3,
  iconst1: 4,
  ldc: 18,
  iload: 21,
  aload: 25,
  istore: 54,
  astore: 58,
  dup: 89,
  ifeq: 153,
  ifne: 154,
  goto: 167,
  jsr: 168,
  ret: 169,
  tableswitch: 170,
  lookupswitch: 171,
  ireturn: 172,
  return: 177,
  getstatic: 178,
  putstatic: 179,
  getfield: 180,
  invokevirtual: 182,
  invokespecial: 183,
  invokeinterface: 185,
  invokedynamic: 186,
  new: 187,
  athrow: 191,
  monitorexit: 195,
  wide: 196,
  ifnull: 198,
  ifnonnull: 199,
  gotoW: 200,
  jsrW: 201,
} as const;

/** Leaves the method. */
export function isExit(opcode: number): boolean {
  return (opcode >= op.ireturn && opcode <= op.return) || opcode === op.athrow;
}

export function isSwitch(opcode: number): boolean {
  return opcode === op.tableswitch || opcode === op.lookupswitch;
}

/** Goes to its one target, always or if a condition holds. */
export function isJump(opcode: number): boolean {
  return (opcode >= op.ifeq && opcode <= op.goto) || opcode === op.ifnull || opcode === op.ifnonnull;
}

export function isInvocation(opcode: number): boolean {
  return opcode >= op.invokevirtual && opcode <= op.invokedynamic;
}

/** False where what stands behind it is not reached from it. */
export function fallsThrough(opcode: number): boolean {
  return opcode !== op.goto && !isSwitch(opcode) && !isExit(opcode);
}

/** Bytes behind the opcode, of those that always have as many. */
export function operandBytes(opcode: number): number {
  if (opcode === 16 || opcode === op.ldc || opcode === 188) return 1;
  if (opcode === 17 || opcode === 19 || opcode === 20 || opcode === 132) return 2;
  if ((opcode >= op.iload && opcode <= op.aload) || (opcode >= op.istore && opcode <= op.astore)) return 1;
  if (opcode === op.ret) return 1;
  if (isJump(opcode) || opcode === op.jsr) return 2;
  if (opcode >= op.getstatic && opcode <= 184) return 2;
  if (opcode === op.invokeinterface || opcode === op.invokedynamic) return 4;
  if (opcode === op.new || opcode === 189 || opcode === 192 || opcode === 193) return 2;
  if (opcode === 197) return 3;
  if (opcode === op.gotoW || opcode === op.jsrW) return 4;
  return 0;
}
