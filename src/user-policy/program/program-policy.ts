import { definePolicy, type PolicyEntry } from "../../policy/index.js";
import { describeProgram } from "./describe-program.js";
import { parseCommand } from "./program-command.js";
import { RunningProgram } from "./running-program.js";

/** The policy that a program is: `exec:COMMAND`. Throws NMZ_POLICY_PROGRAM. */
export async function programPolicy(text: string, folder: string): Promise<PolicyEntry> {
  const command = parseCommand(text, folder);
  const { name, summary, params, events, wantsHistory } = await describeProgram(command);
  return definePolicy({
    name,
    summary,
    params,
    create: (context) => {
      const program = new RunningProgram(command, context, wantsHistory);
      return {
        onEvent: (event) => {
          if (events !== undefined && !events.has(event.class)) return undefined;
          return program.ask(event);
        },
        close: () => program.close(),
      };
    },
  });
}
