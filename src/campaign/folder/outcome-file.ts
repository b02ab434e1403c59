import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf, NmzError } from "../../util/index.js";
import { writeWhole } from "./campaign-folder.js";

/** The version of outcome.json. */
const outcomeVersion = 1;

/** How the loop ended, and why so. */
export interface CampaignOutcome {
  /** As --fail-on was given: "new", "rate>1%". */
  readonly failOn: string;
  readonly exitCode: number;
  /** One line; it has nothing in it that a workload said. */
  readonly reason: string;
  /** Signatures that no earlier campaign had; undefined: it was not looked for them. */
  readonly newFailures: readonly string[] | undefined;
}

const fileOf = (folder: string) => join(folder, "outcome.json");

/** Throws NMZ_CAMPAIGN_WRITE. */
export function storeOutcome(folder: string, outcome: CampaignOutcome): void {
  const path = fileOf(folder);
  try {
    writeWhole(path, `${JSON.stringify({ nmzOutcome: outcomeVersion, ...outcome }, undefined, 1)}\n`);
  } catch (error) {
    throw new NmzError("NMZ_CAMPAIGN_WRITE", `cannot write ${path}: ${messageOf(error)}`, {
      hint: "make room, or let it be written, and go on with --resume: all runs are kept",
      cause: error,
    });
  }
}

/** The campaign goes on. */
export function forgetOutcome(folder: string): void {
  rmSync(fileOf(folder), { force: true });
}

/** Undefined where the campaign has not come to an end yet. */
export function readOutcome(folder: string): CampaignOutcome | undefined {
  try {
    const { nmzOutcome, failOn, exitCode, reason, newFailures } = JSON.parse(
      readFileSync(fileOf(folder), "utf8"),
    ) as CampaignOutcome & { readonly nmzOutcome: unknown };
    if (nmzOutcome !== outcomeVersion || !Number.isInteger(exitCode)) return undefined;
    return {
      ...{ failOn: String(failOn), exitCode, reason: String(reason) },
      newFailures: Array.isArray(newFailures) ? newFailures.map(String) : undefined,
    };
  } catch {
    return undefined; // it is told beside the result, and is no part of it
  }
}
