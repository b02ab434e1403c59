import { defineCommand } from "../command/index.js";
import { parseInteger, valueFlag } from "../flags/index.js";
import { printError } from "../print-error.js";
import { ownContainer } from "./own-containers.js";

interface StopDraft {
  timeoutSeconds: number | undefined;
  signal: string | undefined;
}

export const stop = defineCommand<StopDraft>({
  name: "stop",
  summary: "Stop containers that nmzc runs",
  usage: "[OPTIONS] CONTAINER [CONTAINER...]",
  sections: [
    {
      title: "Options",
      flags: [
        valueFlag({
          name: "time",
          aliases: ["timeout"],
          short: "t",
          placeholder: "SECONDS",
          help: "How long to wait before it is killed; -1 for ever",
          apply: (value, draft) => {
            draft.timeoutSeconds = parseInteger(value, { min: -1 });
          },
        }),
        valueFlag({
          name: "signal",
          short: "s",
          placeholder: "SIGNAL",
          help: "Signal to send, instead of the container's own",
          apply: (value, draft) => {
            draft.signal = value;
          },
        }),
      ],
    },
  ],
  isInterspersed: true,
  minArgs: 1,
  newDraft: () => ({ timeoutSeconds: undefined, signal: undefined }),
  run: async ({ draft, args, path, context }) => {
    const engine = await context.services.openEngine();
    const stopOne = async (name: string): Promise<boolean> => {
      try {
        const { id } = await ownContainer(engine, name);
        await engine.stopContainer(id, draft.timeoutSeconds, draft.signal);
        context.stdout.write(`${name}\n`);
        return true;
      } catch (error) {
        printError(error, path.split(" ")[0]!, context.stderr, context.env);
        return false;
      }
    };
    // All at once, as docker: ten containers that ignore the signal take ten seconds, not a hundred.
    const stopped = await Promise.all(args.map(stopOne));
    return stopped.every(Boolean) ? 0 : 1;
  },
});
