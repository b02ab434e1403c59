import { join } from "node:path";
import { makeFolders } from "../util/index.js";
import { writeRunFile } from "./out-folder.js";
import type { TraceEntry } from "./read-trace.js";
import type { RunFile, StoredRun } from "./stored-run.js";
import { writeEntries } from "./write-entries.js";

/**
 * A run made of another: the same workload and config with these entries, in the folder `name` of that run, from where it
 * is repeated like any other. `more` goes into its run.json. Returns the folder. Throws what the file system throws.
 */
export function writeDerivedRun(
  from: StoredRun & { readonly result: RunFile },
  name: string,
  entries: Iterable<TraceEntry>,
  more: Readonly<Record<string, unknown>>,
): string {
  const { seed, command, startedAt, endedAt, exitCode, autopilot, repeat } = from.result;
  const folder = join(from.folder, name);
  const runId = `${from.result.runId}-${name}`;
  makeFolders(folder);
  writeEntries(join(folder, "trace.jsonl"), { run: runId, seed }, entries);
  const same = { runId, seed, command, startedAt, endedAt, exitCode, warnings: [], autopilot };
  writeRunFile(folder, { ...same, ...(repeat === undefined ? {} : { repeat }), ...more });
  return folder;
}
