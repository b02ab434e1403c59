import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { EarlierFailures } from "../../verdict/index.js";
import { openCampaign, readRunLines, type StoredCampaign } from "../folder/index.js";
import { CampaignTally } from "../tally/index.js";
import { type KnownFailure, readKnownFile } from "./known-file.js";

/**
 * What --known names: known.json, a report in JSON, or a campaign's folder, which knows what it was told and what failed in
 * it. Undefined: there is nothing at this path. Throws what readKnownFile and openCampaign throw.
 */
export function readKnown(path: string): readonly KnownFailure[] | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if (!status.isDirectory()) return readKnownFile(path);
  const campaign = openCampaign(path);
  const told = join(path, "known.json");
  const tally = new CampaignTally(campaign.file);
  for (const line of readRunLines(path)) tally.add(line);
  return [...(existsSync(told) ? readKnownFile(told) : []), ...failuresSeen(campaign, tally)];
}

/** The failures of a campaign, as a later one knows them. */
export function failuresSeen({ file }: StoredCampaign, tally: CampaignTally): readonly KnownFailure[] {
  return tally.failureGroups.map(({ signature, title }) => ({
    ...{ signature, title, campaign: file.id, seenAt: file.startedAt },
  }));
}

/** By campaign, the one that was seen last first. */
export function asEarlier(known: readonly KnownFailure[]): readonly EarlierFailures[] {
  const byCampaign = new Map<string, KnownFailure[]>();
  const bySight = [...known].sort((a, b) => (a.seenAt < b.seenAt ? 1 : a.seenAt > b.seenAt ? -1 : 0));
  for (const failure of bySight) {
    const list = byCampaign.get(failure.campaign) ?? [];
    byCampaign.set(failure.campaign, list);
    list.push(failure);
  }
  return [...byCampaign].map(([campaign, failures]) => ({
    ...{ campaign, signatures: failures.map(({ signature }) => signature) },
  }));
}
