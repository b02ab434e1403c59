import { NmzError } from "../util/index.js";
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
    const exitCode = await runProgram(program, argv, context);
    await requireWritten(context);
    await context.loopRun?.tellEnd();
    return exitCode;
  } catch (error) {
    await context.loopRun?.tellFailure(error);
    return printError(error, program.name, context.stderr, context.env);
  }
}

/** Output that could not be written (disk full) must not pass for success. */
async function requireWritten(context: CliContext): Promise<void> {
  // Streams tell of a failed write in the turn after it.
  await new Promise((resolve) => setImmediate(resolve));
  const failure = context.outputFailure();
  if (failure === undefined) return;
  throw new NmzError("NMZ_CLI_OUTPUT", `cannot write output: ${failure.message}`, {
    hint: "see whether the disk is full, or send the output elsewhere",
    cause: failure,
  });
}
