import { EngineError } from "../../runtime/engine/engine-error.js";
import { messageOf, NmzError, printable } from "../util/index.js";
import { paletteFor } from "./palette.js";

/** The one place where failures become text. Returns the exit code that goes with the failure. */
export function printError(
  error: unknown,
  program: string,
  stderr: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): number {
  const { red, bold } = paletteFor(stderr, env);
  const hint = hintOf(error);
  stderr.write(`${bold(red(`${program}:`))} ${printable(messageOf(error))}\n`);
  if (hint !== undefined) stderr.write(`${bold("hint:")} ${printable(hint)}\n`);
  if (env["NMZ_DEBUG"]) stderr.write(`${stackOf(error)}\n`);
  return error instanceof NmzError ? error.exitCode : 125;
}

function hintOf(error: unknown): string | undefined {
  if (error instanceof NmzError || error instanceof EngineError) return error.hint;
  return "this should not happen: please report it, with what NMZ_DEBUG=1 prints";
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
