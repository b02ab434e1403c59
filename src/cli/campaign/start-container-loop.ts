import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CampaignFile } from "../../campaign/index.js";
import type { RunRequest } from "../../container/run-request.js";
import { testName } from "../../seeds/index.js";
import { NmzError } from "../../util/index.js";
import type { CommandCall } from "../command/index.js";
import { applyFlags, readFlags } from "../flags/index.js";
import { finishRun, newRunDraft } from "../run/index.js";
import { type ContainerLoopDraft, containerRunSections } from "./container-draft.js";
import { checkLoopedRun } from "./container-flags.js";
import { containerSubject } from "./container-runs.js";
import { environmentHere } from "./environment.js";
import { resultsInContainer } from "./in-container.js";
import { checkResume } from "./loop-flags.js";
import { LoopSignals } from "./loop-signals.js";
import { campaignPath, newCampaign, resumedCampaign, runLoop } from "./run-loop.js";
import { type TypedFlag, wordsOf } from "./run-words.js";
import { checkTune } from "./tuning.js";

/** What is run, parsed. */
interface Looped {
  readonly request: RunRequest;
  readonly typed: readonly TypedFlag[];
  readonly image: string;
  readonly command: readonly string[];
}

/** `nmzc loop`. Returns the exit code; throws what is wrong with the command line, and what runLoop throws. */
export async function startContainerLoop({
  draft,
  args,
  path,
  context,
}: CommandCall<ContainerLoopDraft>): Promise<number> {
  const services = await context.services.loopServices();
  const signals = new LoopSignals();
  const call = { draft, path, context, services, signals };
  const prepareImage = ({ body, platform, isPullQuiet }: RunRequest, pull: RunRequest["pull"]) =>
    services.prepareImage({
      ...{ image: body.Image, pull, platform, isQuiet: isPullQuiet },
      ...{ stderr: context.stderr, signal: signals.stopped },
    });
  try {
    if (draft.resume !== undefined) {
      checkResume(
        draft,
        [...args, ...(draft.copyVolumes ? ["--copy-volumes"] : []), ...wordsOf(draft.typed)],
        path,
      );
      const campaign = resumedCampaign(draft.resume, "container");
      const looped = loopedAgain(campaign.file, context.env);
      const { results, jobs } = campaign.file;
      checkLoopedRun(looped.request, draft.jobs ?? jobs);
      const image = await prepareImage(looped.request, "missing");
      requireSameImage(campaign.file, image.imageId);
      const inContainer = resultsInContainer(looped.request, image, results);
      return await runLoop(campaign, containerSubject({ ...looped, inContainer }, call), call);
    }
    await context.requireShared?.([campaignPath(draft)]);
    const looped = loopedNow(draft, args, path);
    const jobs = draft.jobs ?? 1;
    checkLoopedRun(looped.request, jobs);
    const { request } = looped;
    checkTune(draft, request.autopilotFile);
    const autopilot = await services.loadAutopilot(request.autopilotFile);
    const image = await prepareImage(request, request.pull);
    const { engine, imageId } = image;
    const inContainer = resultsInContainer(request, image, draft.results);
    const environment = environmentHere({ engine, image: looped.image, imageDigest: imageId });
    const campaign = newCampaign(draft, {
      kind: "container",
      runArguments: [...wordsOf(looped.typed), ...args],
      test: request.test ?? testName(looped.image, looped.command),
      ...{ autopilot, environment, preset: draft.run.preset, copyVolumes: draft.copyVolumes },
    });
    return await runLoop(campaign, containerSubject({ ...looped, inContainer }, call), call);
  } finally {
    signals.dispose();
  }
}

/** Runs of two images have no rate in common. Throws NMZ_CAMPAIGN_IMAGE. */
function requireSameImage({ environment: { image, imageDigest } }: CampaignFile, imageId: string): void {
  if (imageDigest === undefined || imageDigest === imageId) return;
  throw new NmzError("NMZ_CAMPAIGN_IMAGE", `${image} is another image now: ${imageId}`, {
    hint: `the runs before were of ${imageDigest}: tag that one so again, or begin another campaign`,
  });
}

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
  const flags = containerRunSections.flatMap((section) => section.flags);
  const { uses, args } = readFlags(runArguments, flags, rules);
  const draft = {
    run: newRunDraft({ env, cwd, readFile: (path) => readFileSync(resolve(cwd, path)) }),
    typed: [] as TypedFlag[],
  };
  applyFlags(uses, draft, rules);
  const [image = "", ...command] = args;
  return { request: finishRun(draft.run, args, rules.path), typed: draft.typed, image, command };
}
