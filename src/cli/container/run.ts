import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { RunRequest } from "../../container/run-request.js";
import { requireTerminal } from "../../container/terminal/index.js";
import { isWritableBind } from "../campaign/run-words.js";
import type { CliContext } from "../cli-context.js";
import { defineCommand } from "../command/index.js";
import { completeFromDockerConfig } from "../run/docker-defaults.js";
import { finishRun, newRunDraft, runFlagSections } from "../run/index.js";

export const run = defineCommand({
  name: "run",
  summary: "Run a command in a new container, and shake it: its packets, files and threads",
  usage: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
  notes: [
    "Takes the flags of docker run. Nothing after IMAGE is read as a flag. The exit code is the workload's; 125 is a failure of nmzc's own, 126 a command that cannot be invoked, 127 one that is not found.",
  ],
  examples: [
    "nmzc run -it --rm -v $PWD:/src -w /src debian make test",
    "nmzc run --rm --nmz-seed 4f1c --nmz-disable proc myapp",
    "nmzc run --rm -v $PWD:/src -w /src --nmz-java functions=com.example.Queue#take maven mvn test",
    "nmzc run -d --name db --nmz-autopilot shake.toml postgres",
  ],
  sections: runFlagSections,
  isInterspersed: false,
  entersHost: "always",
  hasShortHelp: false,
  minArgs: 1,
  newDraft: ({ env, cwd }: CliContext) =>
    newRunDraft({ env, cwd, readFile: (path) => readFileSync(resolve(cwd, path)) }),
  run: async ({ draft, args, path, context }) => {
    const request = withCopies(
      completeFromDockerConfig(finishRun(draft, args, path), draft),
      context.loopRun?.copies ?? {},
    );
    if (!request.isDetached) requireTerminal(context.stdin, request);
    return context.services.runContainer(request, context);
  },
});

/** One run of `nmzc loop --copy-volumes`: its volumes are copies, under the names of what they are copies of. */
function withCopies(request: RunRequest, copies: Readonly<Record<string, string>>): RunRequest {
  const volumes = request.volumes.map((volume) => {
    const { source } = volume;
    const standIn = isWritableBind(volume) && source !== undefined ? copies[source] : undefined;
    return standIn === undefined ? volume : { ...volume, standIn };
  });
  return { ...request, volumes };
}
