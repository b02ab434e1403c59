import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { NmzError } from "../../util/index.js";

/** A run whose loop was killed has five seconds for its workload, and 20 for undoing; the rest is for a slow machine. */
const patienceMs = 60_000;
const retryMs = 100;

/**
 * Resolves when the runs have ended that a killed loop left behind in this campaign: until then they write to the folders
 * in which they are to be made again. `onWait` hears of the first. Throws NMZ_CAMPAIGN_BUSY when they do not end.
 */
export async function untilOrphansEnd(
  campaignFolder: string,
  signal: AbortSignal,
  onWait: (pid: number) => void,
): Promise<void> {
  const until = performance.now() + patienceMs;
  for (let isTold = false; !signal.aborted; isTold = true) {
    const orphan = orphanOf(campaignFolder);
    if (orphan === undefined) return;
    if (!isTold) onWait(orphan);
    if (performance.now() > until) {
      throw new NmzError("NMZ_CAMPAIGN_BUSY", `process ${orphan} still makes a run in ${campaignFolder}`, {
        hint: "its loop is gone and it should have ended: see what it waits for, and end it",
      });
    }
    await sleep(retryMs);
  }
}

/** A process that was given the folder of one of the campaign's runs. */
function orphanOf(campaignFolder: string): number | undefined {
  const start = `--nmz-out=${campaignFolder}/runs/`;
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name) && wordsOf(name).some((word) => word.startsWith(start))) return Number(name);
  }
  return undefined;
}

function wordsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // it has ended meanwhile
  }
}
