import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStartTicks } from "../../../runtime/kernel/index.js";
import { messageOf, NmzError } from "../../util/index.js";

/**
 * Two loops must not add to one campaign. Returns what lets go of it; the lock of a process that is gone holds nobody
 * up. Throws NMZ_CAMPAIGN_BUSY, NMZ_CAMPAIGN_WRITE.
 */
export function lockCampaign(folder: string): () => void {
  const path = join(folder, "loop.lock");
  const mine = `${process.pid} ${processStartTicks(process.pid)}\n`;
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(path, error);
    }
    const holder = holderOf(path);
    if (holder !== undefined) {
      throw new NmzError("NMZ_CAMPAIGN_BUSY", `process ${holder} is at work in ${folder}`, {
        hint: "wait for it, or end it: its campaign can be gone on with then",
      });
    }
    rmSync(path, { force: true });
  }
}

/** The living process that holds the lock. */
function holderOf(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined; // let go of in between
  }
  const [pid = 0, startTicks] = text.trim().split(" ").map(Number);
  return pid > 0 && processStartTicks(pid) === startTicks ? pid : undefined;
}

function unwritable(path: string, error: unknown): NmzError {
  return new NmzError("NMZ_CAMPAIGN_WRITE", `cannot write ${path}: ${messageOf(error)}`, {
    hint: "make room, or let it be written",
    cause: error,
  });
}
