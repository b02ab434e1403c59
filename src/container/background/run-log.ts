import { appendFileSync, readFileSync, renameSync, statSync } from "node:fs";
import { printable } from "../../util/index.js";

/** What supervisors have to say when no client listens: `<time> <run> <line>`, for root. */
export const runLogFile = "/var/log/nmzc.log";

const rotateAtBytes = 1 << 20;

/** A machine without room for it has a run without these words, nothing else. */
export function writeRunLog(runId: string, line: string, file = runLogFile): void {
  const text = `${new Date().toISOString()} ${runId} ${printable(line).replaceAll("\n", " ")}\n`;
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > rotateAtBytes) renameSync(file, older(file));
    appendFileSync(file, text, { mode: 0o600 }); // O_APPEND: lines of several runs do not mix
  } catch {
    // Nobody is there who could be told.
  }
}

/** A run's lines, the oldest first; none where the log cannot be read. */
export function readRunLog(runId: string, file = runLogFile): string[] {
  return [older(file), file]
    .flatMap((path) => linesOf(path))
    .flatMap((line) => {
      const [, run, ...words] = line.split(" ");
      return run === runId ? [words.join(" ")] : [];
    });
}

function older(file: string): string {
  return `${file}.1`;
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
