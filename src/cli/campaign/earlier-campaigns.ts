import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { CampaignTally, openCampaign, readRunLines, type StoredCampaign } from "../../campaign/index.js";
import { type EarlierFailures, sameFailures } from "../../verdict/index.js";

/** Of the newest; each is read whole. */
const maxEarlier = 20;

/** "same failure as …": what campaigns of the same test beside this one failed with. */
export function earlierLines({ folder, file }: StoredCampaign, tally: CampaignTally): string[] {
  const groups = tally.failureGroups;
  if (groups.length === 0) return [];
  const found = sameFailures(
    earlierFailures(folder, file.test),
    groups.map(({ signature }) => signature),
  );
  const byId = new Map<string, { readonly same: string[]; readonly alike: string[] }>();
  for (const { id, campaign, kind } of found) {
    const entry = byId.get(id) ?? { same: [], alike: [] };
    byId.set(id, entry);
    entry[kind].push(campaign);
  }
  return [...byId].map(([id, { same, alike }]) => {
    const parts = [
      ...(same.length === 0 ? [] : [`the same failure as in ${same.join(", ")}`]),
      ...(alike.length === 0 ? [] : [`one like it is in ${alike.join(", ")}`]),
    ];
    return `${id}: ${parts.join("; ")}`;
  });
}

/** Campaigns that cannot be read say nothing, and are no reason to fail at the end of this one. */
function* earlierFailures(folder: string, test: string): Generator<EarlierFailures> {
  const parent = dirname(folder);
  const others = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && join(parent, entry.name) !== folder)
    .map(({ name }) => join(parent, name))
    .filter((path) => existsSync(join(path, "campaign.json")));
  const campaigns = others
    .flatMap((path) => {
      try {
        return [openCampaign(path)];
      } catch {
        return [];
      }
    })
    .filter(({ file }) => file.test === test)
    .sort((a, b) => b.file.startedAt.localeCompare(a.file.startedAt));
  for (const { folder: path, file } of campaigns.slice(0, maxEarlier)) {
    const earlier = new CampaignTally(file);
    try {
      for (const line of readRunLines(path)) earlier.add(line);
    } catch {
      continue;
    }
    const signatures = earlier.failureGroups.map(({ signature }) => signature);
    yield { campaign: file.id, signatures };
  }
}
