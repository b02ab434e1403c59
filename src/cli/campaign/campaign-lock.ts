import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { tryFileLock } from "../../../runtime/kernel/index.js";
import { messageOf, NmzError } from "../../util/index.js";

/**
 * Two loops must not add to one campaign. Returns what lets go of it. The kernel's own lock, and not the file's being there, decides:
 * it goes with the process that has it, so that of two loops which find a dead one's file at the same instant one gets it.
 * Throws NMZ_CAMPAIGN_BUSY, NMZ_CAMPAIGN_WRITE.
 */
export function lockCampaign(folder: string): () => void {
  const path = join(folder, "loop.lock");
  for (;;) {
    const fd = openLock(path);
    try {
      if (!tryFileLock(fd)) throw busy(folder, holderOf(path));
      // Who had it before may have removed the file after it was opened here: then others lock another.
      if (isThere(path, fd)) {
        ftruncateSync(fd);
        writeSync(fd, `${process.pid}\n`, 0);
        return () => {
          rmSync(path, { force: true });
          closeSync(fd);
        };
      }
    } catch (error) {
      closeSync(fd);
      throw error instanceof NmzError ? error : unwritable(path, error);
    }
    closeSync(fd);
  }
}

function openLock(path: string): number {
  try {
    return openSync(path, "a+");
  } catch (error) {
    throw unwritable(path, error);
  }
}

function isThere(path: string, fd: number): boolean {
  const { ino, dev } = fstatSync(fd);
  const there = statSync(path, { throwIfNoEntry: false });
  return there?.ino === ino && there.dev === dev;
}

/** For people: it may not have written its number yet. */
function holderOf(path: string): string {
  try {
    const pid = readFileSync(path, "utf8").trim();
    return /^\d+$/.test(pid) ? `process ${pid}` : "another process";
  } catch {
    return "another process"; // let go of in between
  }
}

function busy(folder: string, holder: string): NmzError {
  return new NmzError("NMZ_CAMPAIGN_BUSY", `${holder} is at work in ${folder}`, {
    hint: "wait for it, or end it: its campaign can be gone on with then",
  });
}

function unwritable(path: string, error: unknown): NmzError {
  return new NmzError("NMZ_CAMPAIGN_WRITE", `cannot write ${path}: ${messageOf(error)}`, {
    hint: "make room, or let it be written",
    cause: error,
  });
}
