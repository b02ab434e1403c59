import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type CampaignFile, CampaignTally, openCampaign, readRunLines } from "../../campaign/index.js";
import type { EarlierFailures } from "../../verdict/index.js";

/** Older ones tell little about today's program, and each takes time to read. */
const mostCampaigns = 10;

/** Failures of campaigns of the same test that lie beside this one and began before it, the newest first. What cannot be read is none. */
export function earlierCampaigns(
  folder: string,
  { test, startedAt }: CampaignFile,
): readonly EarlierFailures[] {
  const own = resolve(folder);
  return neighbours(own)
    .flatMap((path) => {
      const file = campaignIn(path);
      const isEarlier = file?.test === test && Date.parse(file.startedAt) < Date.parse(startedAt);
      return isEarlier ? [{ path, file }] : [];
    })
    .sort((a, b) => Date.parse(b.file.startedAt) - Date.parse(a.file.startedAt))
    .slice(0, mostCampaigns)
    .flatMap(({ path, file }) => failuresIn(path, file));
}

function neighbours(own: string): readonly string[] {
  try {
    return readdirSync(dirname(own), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== basename(own))
      .map(({ name }) => join(dirname(own), name));
  } catch {
    return [];
  }
}

function campaignIn(path: string): CampaignFile | undefined {
  try {
    return openCampaign(path).file;
  } catch {
    return undefined;
  }
}

function failuresIn(path: string, file: CampaignFile): readonly EarlierFailures[] {
  const tally = new CampaignTally(file);
  try {
    for (const line of readRunLines(path)) tally.add(line);
  } catch {
    return [];
  }
  const signatures = tally.failureGroups.map(({ signature }) => signature);
  return signatures.length === 0 ? [] : [{ campaign: basename(path), signatures }];
}
