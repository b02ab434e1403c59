import type { CampaignTally } from "../../campaign/index.js";
import { sameFailures } from "../../verdict/index.js";
import type { KnownBefore } from "./known-before.js";

/** "same failure as …": what earlier campaigns failed with. */
export function earlierLines(known: KnownBefore, tally: CampaignTally): string[] {
  const groups = tally.failureGroups;
  if (groups.length === 0) return [];
  const found = sameFailures(
    known.earlier(),
    groups.map(({ signature }) => signature),
  );
  const byId = new Map<string, { readonly same: string[]; readonly alike: string[] }>();
  for (const { id, campaign: name, kind } of found) {
    const entry = byId.get(id) ?? { same: [], alike: [] };
    byId.set(id, entry);
    entry[kind].push(name);
  }
  return [...byId].map(([id, { same, alike }]) => {
    const parts = [
      ...(same.length === 0 ? [] : [`the same failure as in ${same.join(", ")}`]),
      ...(alike.length === 0 ? [] : [`one like it is in ${alike.join(", ")}`]),
    ];
    return `${id}: ${parts.join("; ")}`;
  });
}
