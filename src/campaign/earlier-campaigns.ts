import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { EarlierFailures } from "../verdict/index.js";
import { openCampaign, readRunLines, type StoredCampaign } from "./folder/index.js";
import { CampaignTally } from "./tally/index.js";

/** Older ones tell little about today's program, and each takes time to read. */
const mostCampaigns = 10;

/**
 * Failures of campaigns of the same test that lie beside this one and began before it, the newest first, each under its folder's
 * name. What cannot be read is none: nobody's campaign ends with an error because of another one.
 */
export function earlierCampaigns({ folder, file }: StoredCampaign): readonly EarlierFailures[] {
  const { test, startedAt } = file;
  return neighbours(resolve(folder))
    .flatMap(campaignIn)
    .filter((other) => other.file.test === test && Date.parse(other.file.startedAt) < Date.parse(startedAt))
    .sort((a, b) => Date.parse(b.file.startedAt) - Date.parse(a.file.startedAt))
    .slice(0, mostCampaigns)
    .flatMap(failuresOf);
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

function campaignIn(path: string): readonly StoredCampaign[] {
  try {
    return [openCampaign(path)];
  } catch {
    return [];
  }
}

function failuresOf({ folder, file }: StoredCampaign): readonly EarlierFailures[] {
  try {
    const tally = new CampaignTally(file);
    for (const line of readRunLines(folder)) tally.add(line);
    const signatures = tally.failureGroups.map(({ signature }) => signature);
    return signatures.length === 0 ? [] : [{ campaign: basename(folder), signatures }];
  } catch {
    return [];
  }
}
