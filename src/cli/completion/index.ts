/**
 * Shell completion, made from the command tree and the flag tables: bash, zsh and fish scripts that need no process of
 * ours to run while the user types.
 *
 * Must not know any particular command. A place in the tree has a key (`run`, `config show`), the same whichever program
 * and alias leads to it, so that each table is in the script once.
 */
import type { CommandGroup } from "../command/index.js";
import { bashCompletion } from "./bash-completion.js";
import { completionNodes } from "./completion-table.js";
import { fishCompletion } from "./fish-completion.js";
import { zshCompletion } from "./zsh-completion.js";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

export type Shell = keyof typeof shells;
export const shellNames = Object.keys(shells) as readonly Shell[];

/** The script that completes all of the programs in a shell. */
export function completionScript(shell: Shell, programs: readonly CommandGroup[]): string {
  return shells[shell](
    completionNodes(programs),
    programs.map(({ name }) => name),
  );
}
