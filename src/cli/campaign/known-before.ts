import {
  asEarlier,
  earlierCampaigns,
  type KnownFailure,
  readKnown,
  type StoredCampaign,
} from "../../campaign/index.js";
import type { EarlierFailures } from "../../verdict/index.js";
import type { LoopDraft } from "./loop-flags.js";

/** What earlier campaigns failed with. */
export interface KnownBefore {
  /** Of --known. */
  readonly told: readonly KnownFailure[];
  /** Paths of --known where there is nothing. */
  readonly missing: readonly string[];
  /** These, and those of campaigns of the same test beside this one; the newest first of either. */
  earlier(): readonly EarlierFailures[];
  /**
   * What makes a failure not new: of --known alone where it is given. A CI job says by it what counts, whatever its
   * workspace still holds of builds before.
   */
  counting(): readonly EarlierFailures[];
  /** Whether a failure of this signature is not new. */
  isKnown(id: string): boolean;
}

/** Reads what --known names, or named when the campaign began. Throws what readKnown throws. */
export function knownBefore(campaign: StoredCampaign, draft: Pick<LoopDraft, "known">): KnownBefore {
  const paths = draft.known.length > 0 ? draft.known : (campaign.file.known ?? []);
  const found = paths.map((path) => ({ path, known: readKnown(path) }));
  const told = found.flatMap(({ known }) => known ?? []);
  const named = asEarlier(told);
  let neighbours: readonly EarlierFailures[] | undefined;
  const beside = () => {
    neighbours ??= earlierCampaigns(campaign);
    return neighbours;
  };
  const counting = () => (paths.length > 0 ? named : beside());
  let knownIds: ReadonlySet<string> | undefined;
  return {
    told,
    missing: found.filter(({ known }) => known === undefined).map(({ path }) => path),
    earlier: () => [...named, ...beside()],
    counting,
    isKnown: (id) => {
      knownIds ??= idsOf(counting());
      return knownIds.has(id);
    },
  };
}

/** The signatures that these campaigns failed with. */
export function idsOf(earlier: readonly EarlierFailures[]): ReadonlySet<string> {
  return new Set(earlier.flatMap(({ signatures }) => signatures.map(({ id }) => id)));
}
