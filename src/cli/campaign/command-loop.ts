import { defineCommand } from "../command/index.js";
import { type CommandLoopDraft, shakingSections } from "./command-draft.js";
import { loopFlags, newLoopDraft } from "./loop-flags.js";

export const commandLoop = defineCommand<CommandLoopDraft>({
  name: "loop",
  summary:
    "Run a command again and again, its threads shaken by another seed each time, and say how often it fails",
  usage: "[OPTIONS] -- COMMAND [ARG...]",
  notes: [
    "Without a container: what nmz inspectors proc does, many times; nmzc loop shakes packets and files as well. A run fails when its exit code is not 0, or a test in the results that it left in this folder failed.",
    "Ctrl-C lets the runs that have begun finish and keeps everything (twice: ends them); --resume goes on. Exit code 0: no failure, 1: at least one (--fail-on says otherwise), 130: interrupted, 125: a failure of nmz's own.",
  ],
  examples: [
    "nmz loop -n 100 -- make test",
    "nmz loop --baseline --for 10m --preset threads -- ./test.sh",
    "nmz loop --resume nmz-loop/1f0c9a2b",
  ],
  sections: [...loopFlags<CommandLoopDraft>(), ...shakingSections],
  isInterspersed: false,
  newDraft: ({ cwd }) => ({
    ...newLoopDraft(cwd),
    shaking: { autopilotFile: undefined, preset: undefined, cwd },
    typed: [],
  }),
  run: async (call) => {
    // Loaded when it is needed: `nmz inspectors` shall not pay for campaigns.
    const { startCommandLoop } = await import("./start-command-loop.js");
    return startCommandLoop(call);
  },
});
