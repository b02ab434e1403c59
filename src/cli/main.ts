import type { CliContext } from "./cli-context.js";
import { type CommandGroup, runProgram } from "./command/index.js";
import { printError } from "./print-error.js";

/** One program from its words to its exit code; whatever fails is printed here. */
export async function main(
  program: CommandGroup,
  argv: readonly string[],
  context: CliContext,
): Promise<number> {
  try {
    return await runProgram(program, argv, context);
  } catch (error) {
    return printError(error, program.name, context.stderr, context.env);
  }
}
