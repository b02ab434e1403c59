import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CampaignFile } from "../../campaign/index.js";
import type { RunRequest } from "../../container/run-request.js";
import { testName } from "../../seeds/index.js";
import { defineCommand } from "../command/index.js";
import { applyFlags, readFlags, switchFlag } from "../flags/index.js";
import { finishRun, newRunDraft, type RunDraft } from "../run/index.js";
import { checkLoopedRun, loopedRunSections } from "./container-flags.js";
import { containerSubject } from "./container-runs.js";
import { environmentHere } from "./environment.js";
import { checkResume, type LoopDraft, loopFlags, newLoopDraft } from "./loop-flags.js";
import { LoopSignals } from "./loop-signals.js";
import { newCampaign, resumedCampaign, runLoop } from "./run-loop.js";
import { type TypedFlag, typedSections, wordsOf } from "./run-words.js";

interface ContainerLoopDraft extends LoopDraft {
  readonly run: RunDraft;
  readonly typed: TypedFlag[];
  copyVolumes: boolean;
}

/** What is run, parsed. */
interface Looped {
  readonly request: RunRequest;
  readonly typed: readonly TypedFlag[];
  readonly image: string;
  readonly command: readonly string[];
}

const runSections = typedSections<RunDraft, Pick<ContainerLoopDraft, "run" | "typed">>(
  loopedRunSections,
  ({ run }) => run,
);

export const containerLoop = defineCommand<ContainerLoopDraft>({
  name: "loop",
  summary:
    "Run a command in new containers again and again, each shaken by a seed of its own, and say how often it fails",
  usage: "[OPTIONS] IMAGE [COMMAND] [ARG...]",
  notes: [
    "Takes the flags of nmzc run. A run fails when its exit code is not 0, or a test in its results failed. The answer is a rate with its 95 % interval, the failures by their kind, and how to repeat the first; the campaign's folder keeps what each failing run left.",
    "Ctrl-C lets the runs that have begun finish and keeps everything (twice: ends them); --resume goes on. Exit code 0: no failure, 1: at least one, 130: interrupted, 125: a failure of nmzc's own.",
  ],
  examples: [
    "nmzc loop -n 200 -j 2 -v $PWD:/src -w /src --copy-volumes maven mvn test",
    "nmzc loop --until-failure --timeout 5m myapp ./test.sh",
    "nmzc loop --baseline --for 30m -v $PWD:/src:ro node:22 npm test --prefix /src",
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
    ...runSections,
  ],
  isInterspersed: false,
  hasShortHelp: false,
  newDraft: ({ env, cwd }) => ({
    ...newLoopDraft(cwd),
    run: newRunDraft({ env, cwd, readFile: (path) => readFileSync(resolve(cwd, path)) }),
    typed: [],
    copyVolumes: false,
  }),
  run: async ({ draft, args, path, context }) => {
    const services = await context.services.loopServices();
    const signals = new LoopSignals();
    const call = { draft, path, context, services, signals };
    try {
      if (draft.resume !== undefined) {
        checkResume(draft, [...args, ...wordsOf(draft.typed)], path);
        const campaign = resumedCampaign(draft.resume, "container");
        const looped = loopedAgain(campaign.file, context.env);
        return await runLoop(campaign, containerSubject(looped, call), call);
      }
      const looped = loopedNow(draft, args, path);
      const jobs = draft.jobs ?? 1;
      checkLoopedRun(looped.request, { jobs, copiesVolumes: draft.copyVolumes, results: draft.results });
      const { request } = looped;
      const autopilot = await services.loadAutopilot(request.autopilotFile);
      const { engine, imageId } = await services.prepareImage({
        image: request.body.Image,
        pull: request.pull,
        platform: request.platform,
        stderr: context.stderr,
        signal: signals.stopped,
      });
      const environment = environmentHere({ engine, image: looped.image, imageDigest: imageId });
      const campaign = newCampaign(draft, {
        kind: "container",
        runArguments: [...wordsOf(looped.typed), ...args],
        test: request.test ?? testName(looped.image, looped.command),
        ...{ autopilot, environment, preset: draft.run.preset, copyVolumes: draft.copyVolumes },
      });
      return await runLoop(campaign, containerSubject(looped, call), call);
    } finally {
      signals.dispose();
    }
  },
});

function loopedNow(draft: ContainerLoopDraft, args: readonly string[], path: string): Looped {
  const [image = "", ...command] = args;
  return { request: finishRun(draft.run, args, path), typed: draft.typed, image, command };
}

/** What the campaign's file says was typed, read again. Throws what is wrong with it by now: a file that is gone. */
function loopedAgain(
  { runArguments, cwd }: CampaignFile,
  env: Readonly<Record<string, string | undefined>>,
): Looped {
  const rules = { path: "nmzc loop --resume", isInterspersed: false, hasShortHelp: false };
  const flags = runSections.flatMap((section) => section.flags);
  const { uses, args } = readFlags(runArguments, flags, rules);
  const draft = {
    run: newRunDraft({ env, cwd, readFile: (path) => readFileSync(resolve(cwd, path)) }),
    typed: [] as TypedFlag[],
  };
  applyFlags(uses, draft, rules);
  const [image = "", ...command] = args;
  return { request: finishRun(draft.run, args, rules.path), typed: draft.typed, image, command };
}
