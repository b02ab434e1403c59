import { readLines } from "../../record/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import type { RunLine } from "../format/index.js";
import { runsFileOf } from "./campaign-folder.js";

/**
 * The runs that have ended, in the order of their ends, one at a time; none where there is no file yet. A line that its
 * writer was killed in is not there. Throws NMZ_CAMPAIGN_DAMAGED.
 */
export function* readRunLines(folder: string): Generator<RunLine> {
  const path = runsFileOf(folder);
  try {
    for (const { number, text } of readLines(path)) yield parseRunLine(text, path, number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    if (error instanceof NmzError) throw error;
    throw damaged(path, messageOf(error), error);
  }
}

function parseRunLine(text: string, path: string, number: number): RunLine {
  let line: RunLine;
  try {
    line = JSON.parse(text) as RunLine;
  } catch (error) {
    throw damaged(`${path}, line ${number}`, messageOf(error), error);
  }
  if (Number.isSafeInteger(line?.run) && line.run >= 0 && typeof line.outcome === "string") return line;
  throw damaged(`${path}, line ${number}`, "it tells of no run", undefined);
}

function damaged(where: string, what: string, cause: unknown): NmzError {
  return new NmzError("NMZ_CAMPAIGN_DAMAGED", `cannot read ${where}: ${what}`, {
    hint: "a line is written whole or not at all: somebody changed the file, or the disk is broken",
    cause,
  });
}
