import { NmzError, nearest } from "../../util/index.js";
import { type Command, type CommandGroup, defineCommand } from "../command/index.js";
import { completionScript, shellNames } from "../completion/index.js";

/** `programs` is asked when the command runs: the tree that is completed contains the command. */
export function completionOf(programs: () => readonly CommandGroup[]): Command {
  return defineCommand<object>({
    name: "completion",
    summary: "Print the completion script of a shell",
    usage: "bash|zsh|fish",
    examples: [
      "source <(nmzc completion bash)",
      "nmzc completion zsh > ~/.zfunc/_nmzc",
      "nmzc completion fish > ~/.config/fish/completions/nmzc.fish",
    ],
    sections: [],
    completes: shellNames,
    isInterspersed: true,
    minArgs: 1,
    maxArgs: 1,
    newDraft: () => ({}),
    run: async ({ args: [word = ""], context }) => {
      const shell = shellNames.find((name) => name === word);
      if (shell === undefined) {
        const meant = nearest(word, shellNames);
        throw new NmzError("NMZ_CLI_ARGUMENTS", `no completion for the shell "${word}"`, {
          exitCode: 1,
          hint: `${meant === undefined ? "" : `did you mean ${meant}? `}known: ${shellNames.join(", ")}`,
        });
      }
      context.stdout.write(completionScript(shell, programs()));
      return 0;
    },
  });
}
