import { join } from "node:path";
import {
  type CampaignTally,
  failOnText,
  failuresSeen,
  parseFailOn,
  readTuning,
  type StoredCampaign,
  storeOutcome,
  writeKnownFile,
} from "../../campaign/index.js";
import { messageOf } from "../../util/index.js";
import { decideExit } from "./exit-policy.js";
import type { KnownBefore } from "./known-before.js";
import type { LoopDraft } from "./loop-flags.js";

interface LoopEnd {
  readonly campaign: StoredCampaign;
  readonly draft: Pick<LoopDraft, "failOn">;
  readonly tally: CampaignTally;
  readonly known: KnownBefore;
  /** Set when it did not come to its end: then the policy has nothing to decide, and nothing becomes known. */
  readonly cutShort: { readonly exitCode: number; readonly reason: string } | undefined;
}

export interface LoopConclusion {
  readonly exitCode: number;
  /** "exit 1 (--fail-on new): 1 of 3 kinds of failures is new: 5e9d124f3b57" */
  readonly line: string;
}

/**
 * What the loop exits with and why, kept in the campaign's folder; beside it known.json, for the next campaign. What cannot be
 * kept is told, and changes no result.
 */
export function concludeLoop({ campaign, draft, tally, known, cutShort }: LoopEnd): LoopConclusion {
  const { folder, file } = campaign;
  const failOn = draft.failOn ?? parseFailOn(file.failOn ?? "any");
  const ended =
    cutShort === undefined
      ? decideExit(failOn, tally, known.counting(), readTuning(folder))
      : { ...cutShort, newFailures: undefined };
  const { exitCode, reason } = ended;
  let notKept = "";
  try {
    if (cutShort === undefined) {
      writeKnownFile(join(folder, "known.json"), known.told, failuresSeen(campaign, tally));
    }
    storeOutcome(folder, { failOn: failOnText(failOn), ...ended });
  } catch (error) {
    notKept = ` (not kept: ${messageOf(error)})`;
  }
  return { exitCode, line: `exit ${exitCode} (--fail-on ${failOnText(failOn)}): ${reason}${notKept}` };
}
