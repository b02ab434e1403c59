import { join } from "node:path";
import type { CampaignOutcome, FailureGroup, StoredCampaign } from "../../campaign/index.js";
import { type EarlierFailures, sameFailures } from "../../verdict/index.js";
import type { ReportFailure } from "../data/index.js";
import { replayCommand, seedCommand } from "./again-commands.js";
import { outputTail } from "./output-tail.js";

/** More failures than that are not read by anybody; the rest is counted in a note. What decided, a new one, must not be cut off. */
const mostFailures = 50;

export function readFailures(
  campaign: StoredCampaign,
  groups: readonly FailureGroup[],
  earlier: readonly EarlierFailures[],
  outcome: CampaignOutcome | undefined,
): readonly ReportFailure[] {
  const news = outcome?.newFailures && new Set(outcome.newFailures);
  const isNew = ({ signature }: FailureGroup) => news?.has(signature.id);
  const ranked =
    outcome?.failOn === "new"
      ? [...groups].sort((a, b) => Number(isNew(b) ?? false) - Number(isNew(a) ?? false))
      : groups;
  const shown = ranked.slice(0, mostFailures);
  const seenBefore = sameFailures(
    earlier,
    shown.map(({ signature }) => signature),
  );
  return shown.map((group) => {
    const { signature, title, runs, tests, firstRun, lastRun, examples } = group;
    // A kept run of the fuzzed arm shows most: its output is there, and it can be replayed.
    const [...best] = examples;
    best.sort((a, b) => worth(b) - worth(a) || a.run - b.run);
    const kept = best.find((example) => example.folder !== undefined);
    return {
      ...{ id: signature.id, title, message: signature.message, frames: signature.frames },
      tests: tests.flatMap(({ test }) => (test === undefined ? [] : [test])),
      ...{ runs: runs.plain + runs.fuzzed, plainRuns: runs.plain, firstRun, lastRun },
      examples: best.map((example) => ({
        ...{ run: example.run, seed: example.seed, folder: example.folder },
        replayCommand: replayCommand(campaign, example),
        seedCommand: seedCommand(campaign, example),
      })),
      outputTail: kept?.folder === undefined ? undefined : outputTail(join(campaign.folder, kept.folder)),
      isNew: isNew(group),
      earlier: seenBefore
        .filter(({ id }) => id === signature.id)
        .map(({ campaign, kind }) => ({ campaign, kind })),
    };
  });
}

function worth({ folder, arm }: FailureGroup["examples"][number]): number {
  return (folder === undefined ? 0 : 2) + (arm === "fuzzed" ? 1 : 0);
}
