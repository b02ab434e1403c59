import { statfsSync } from "node:fs";
import { NmzError } from "../../util/index.js";

/** A trace or a line that fits no more must not pass for a short one. */
const minFreeBytes = 4 << 20;

/** Throws NMZ_CAMPAIGN_DISK_FULL. */
export function requireRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= minFreeBytes) return;
  throw new NmzError("NMZ_CAMPAIGN_DISK_FULL", `the disk is full on which ${folder} lies`, {
    hint: "make room, and go on with --resume: what has ended before is kept",
  });
}
