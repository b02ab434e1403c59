import type { Instruction } from "../class-file/instructions.js";
import { op } from "../class-file/opcodes.js";

/** Goes through instructions as long as they are those that are expected. */
export class Matcher {
  readonly #instructions: readonly Instruction[];
  readonly #variables = new Map<string, number>();
  #next: number;
  #hasFailed = false;

  constructor(instructions: readonly Instruction[], start: number) {
    this.#instructions = instructions;
    this.#next = start;
  }

  get matches(): boolean {
    return !this.#hasFailed;
  }

  /** The index behind what was matched. */
  get next(): number {
    return this.#next;
  }

  /** The next instruction, whatever it is. */
  any(): Instruction | undefined {
    const found = this.#instructions[this.#next];
    this.#next += 1;
    if (found === undefined) this.#hasFailed = true;
    return found;
  }

  op(...opcodes: readonly number[]): this {
    for (const opcode of opcodes) if (this.any()?.opcode !== opcode) this.#hasFailed = true;
    return this;
  }

  /** The same name is the same variable. */
  variable(opcode: number, name: string): this {
    const found = this.any();
    if (found?.opcode !== opcode) this.#hasFailed = true;
    else if (!this.#variables.has(name)) this.#variables.set(name, found.variable!);
    else if (this.#variables.get(name) !== found.variable) this.#hasFailed = true;
    return this;
  }

  this0(): this {
    const found = this.any();
    if (found?.opcode !== op.aload || found.variable !== 0) this.#hasFailed = true;
    return this;
  }

  /** A call or an access. */
  member(opcode: number, owner: string, name: string, descriptor: string): this {
    const found = this.any();
    const isIt =
      found?.opcode === opcode &&
      found.member?.owner === owner &&
      found.member.name === name &&
      found.member.descriptor === descriptor;
    if (!isIt) this.#hasFailed = true;
    return this;
  }

  new(type: string): this {
    const found = this.any();
    if (found?.opcode !== op.new || found.type !== type) this.#hasFailed = true;
    return this;
  }
}
