import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineCommand } from "../command/index.js";
import { switchFlag } from "../flags/index.js";
import { newRunDraft } from "../run/index.js";
import { type ContainerLoopDraft, containerRunSections } from "./container-draft.js";
import { loopFlags, newLoopDraft } from "./loop-flags.js";

export const containerLoop = defineCommand<ContainerLoopDraft>({
  name: "loop",
  summary:
    "Run a command in new containers again and again, each shaken by a seed of its own, and say how often it fails",
  usage: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
  notes: [
    "Takes the flags of nmzc run. A run fails when its exit code is not 0, or a test in its results failed. The answer is a rate with its 95 % interval, the failures by their kind, and how to repeat the first; the campaign's folder keeps what each failing run left.",
    "Ctrl-C lets the runs that have begun finish and keeps everything (twice: ends them); --resume goes on. Exit code 0: no failure, 1: at least one (--fail-on says otherwise), 130: interrupted, 125: a failure of nmzc's own.",
  ],
  examples: [
    "nmzc loop -n 200 -j 2 -v $PWD:/src -w /src --copy-volumes maven mvn test",
    "nmzc loop --until-failure --timeout 5m myapp ./test.sh",
    "nmzc loop --baseline --for 30m -v $PWD:/src:ro node:22 npm test --prefix /src",
    "nmzc loop -n 200 --fail-on new --known known.json myapp ./test.sh",
    "nmzc loop --resume nmz-loop/1f0c9a2b",
  ],
  sections: [
    ...loopFlags<ContainerLoopDraft>(),
    {
      title: "Volumes of the runs",
      flags: [
        switchFlag({
          name: "copy-volumes",
          help: "Each run gets a copy of each folder that it may write to, removed afterwards: runs do not disturb each other, and each begins with the same files",
          apply: (value, draft) => {
            draft.copyVolumes = value;
          },
        }),
      ],
    },
    ...containerRunSections,
  ],
  isInterspersed: false,
  entersHost: "always",
  hasShortHelp: false,
  newDraft: ({ env, cwd }) => ({
    ...newLoopDraft(cwd),
    run: newRunDraft({ env, cwd, readFile: (path) => readFileSync(resolve(cwd, path)) }),
    typed: [],
    copyVolumes: false,
  }),
  run: async (call) => {
    // Loaded when it is needed: `nmzc run` shall not pay for campaigns.
    const { startContainerLoop } = await import("./start-container-loop.js");
    return startContainerLoop(call);
  },
});
