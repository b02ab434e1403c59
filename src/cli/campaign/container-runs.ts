import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { RunOrder, StoredCampaign } from "../../campaign/index.js";
import type { Shakeable } from "../../campaign/tune/index.js";
import type { RunRequest } from "../../container/run-request.js";
import { makeFolders, shellWord } from "../../util/index.js";
import type { ResultFolder } from "../../verdict/index.js";
import { sharedVolumesWarning } from "./container-flags.js";
import { copyFolder } from "./copy-folder.js";
import type { ContainerResults } from "./in-container.js";
import { makeRunInChild } from "./made-run.js";
import { type LoopCall, type LoopSubject, ownPlace } from "./run-loop.js";
import { isWritableBind, type TypedFlag, wordsOf } from "./run-words.js";
import { choiceFile } from "./tuning.js";

interface ContainerRun {
  readonly request: RunRequest;
  readonly typed: readonly TypedFlag[];
  readonly image: string;
  readonly command: readonly string[];
  /** Where result files may lie besides the mounted folders. */
  readonly inContainer: ContainerResults | undefined;
}

/** Runs of a container. */
export function containerSubject(looped: ContainerRun, call: LoopCall): LoopSubject {
  const { services, context, signals, draft, path } = call;
  const [program = "nmzc"] = path.split(" ");
  return {
    shakeable: shakeableOf(looped.request),
    untilEngine: () => services.untilEngine(signals.stopped),
    repeatCommand: (_campaign, seed, folder) =>
      folder === undefined
        ? [
            `${program}${program === "nmz" ? " container" : ""} run`,
            "--rm",
            `--nmz-seed ${seed}`,
            ...wordsOf(looped.typed).map(shellWord),
            ...[looped.image, ...looped.command].map(shellWord),
          ].join(" ")
        : `${program} replay ${shellWord(folder)}`,
    makeRun(campaign, warn) {
      const { file } = campaign;
      const jobs = draft.jobs ?? file.jobs;
      const warning = file.copyVolumes ? undefined : sharedVolumesWarning(looped.request, jobs);
      if (warning !== undefined) warn(warning);
      return async (order, endNow) => {
        const copies = file.copyVolumes ? await copyVolumes(looped.request, order, campaign) : {};
        const folders = warning === undefined ? resultFolders(looped.request, copies) : [];
        return makeRunInChild({
          ...{ services, order, folders, copies, warn, endNow, cwd: file.cwd, timeoutMs: file.timeoutMs },
          ...{ globs: file.results, campaignFolder: ownPlace(campaign), inContainer: looped.inContainer },
          words: [...runPath(path), ...wordsOfRun(looped, order, campaign.folder)],
          prune: async () => void (await context.services.prune(context)),
          cleanUp: () => rm(join(order.folder, "volumes"), { recursive: true, force: true }),
        });
      };
    },
  };
}

/** "nmz container loop" → container run */
function runPath(path: string): string[] {
  return [...path.split(" ").slice(1, -1), "run"];
}

function wordsOfRun(
  { typed, image, command }: ContainerRun,
  { arm, seed, choice, folder }: RunOrder,
  campaignFolder: string,
): string[] {
  // A plain run has no agent in its JVMs either.
  const flags = arm === "plain" ? typed.filter(({ name }) => name !== "nmz-java") : typed;
  return [
    ...wordsOf(flags),
    // Later flags win. The image is here: the loop has seen to it, and all runs take the same.
    ...["--rm", "--pull=never", `--nmz-seed=${seed}`, `--nmz-out=${folder}`],
    ...(choice === undefined ? [] : [`--nmz-autopilot=${choiceFile(campaignFolder, choice)}`]),
    ...(arm === "plain" ? ["--nmz-disable=ethernet,fs,proc"] : []),
    ...["--", image, ...command],
  ];
}

function shakeableOf({ body, volumes, disabled }: RunRequest): Shakeable {
  const hasNetwork = !["none", "host"].includes(body.HostConfig.NetworkMode ?? "default");
  return {
    network: hasNetwork && !disabled.has("ethernet"),
    volumes: volumes.length > 0 && !disabled.has("fs"),
    cpus: availableParallelism(),
  };
}

/** Source → copy. */
type Copies = Readonly<Record<string, string>>;

/** Source → its copy for this run. Throws NMZ_CAMPAIGN_COPY. */
async function copyVolumes(
  { volumes }: RunRequest,
  order: RunOrder,
  campaign: StoredCampaign,
): Promise<Copies> {
  const parent = join(order.folder, "volumes");
  const copies: Record<string, string> = {};
  for (const volume of volumes.filter(isWritableBind)) {
    const source = volume.source!;
    if (Object.hasOwn(copies, source)) continue;
    makeFolders(parent);
    const place = join(parent, String(Object.keys(copies).length));
    await copyFolder(source, place, ownPlace(campaign));
    copies[source] = place;
  }
  return copies;
}

function resultFolders({ volumes }: RunRequest, copies: Copies): ResultFolder[] {
  return volumes.filter(isWritableBind).map(({ source = "", target }) => ({
    path: copies[source] ?? source,
    mountedAt: target,
  }));
}
