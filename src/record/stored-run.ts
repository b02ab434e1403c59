import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf, NmzError } from "../util/index.js";

/** The version of run.json. Since 2: `repeat`. */
export const runVersion = 2;

/** What run.json holds that every kind of run has; the rest is its maker's. */
export interface RunFile {
  readonly nmzRun: number;
  readonly runId: string;
  readonly seed: string;
  readonly command: readonly string[];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: number;
  readonly warnings: readonly string[];
  /** The effective config. */
  readonly autopilot: Readonly<Record<string, unknown>>;
  /** What its maker needs to run it again; missing where that cannot be done. */
  readonly repeat?: { readonly kind: string; readonly request: Readonly<Record<string, unknown>> };
  readonly [key: string]: unknown;
}

/** A folder that a run left. */
export interface StoredRun {
  readonly folder: string;
  readonly traceFile: string;
  /** Undefined: the run was killed, and only its trace tells of it. */
  readonly result: RunFile | undefined;
}

/**
 * The run in `path`: a run's own folder, or an `--nmz-out` folder, whose latest it is then. Throws NMZ_RUN_MISSING,
 * NMZ_RUN_VERSION, NMZ_RUN_DAMAGED.
 */
export function readRun(path: string): StoredRun {
  const folder = isRun(path) ? path : join(path, "latest");
  if (!isRun(folder)) {
    throw new NmzError("NMZ_RUN_MISSING", `there is no recorded run in "${path}"`, {
      hint: "give a run's folder (it holds trace.jsonl), or the folder that --nmz-out was given",
    });
  }
  // "latest" is another run soon, perhaps while this one is repeated.
  const real = realpathSync(folder);
  return { folder: real, traceFile: join(real, "trace.jsonl"), result: readResult(join(real, "run.json")) };
}

/** All runs of an `--nmz-out` folder that can be read, oldest first. `onError` hears of the others. */
export function listRuns(outDir: string, onError?: (error: unknown) => void): StoredRun[] {
  const runs: StoredRun[] = [];
  for (const entry of foldersIn(outDir)) {
    const folder = join(outDir, entry);
    if (!isRun(folder)) continue;
    try {
      runs.push(readRun(folder));
    } catch (error) {
      onError?.(error);
    }
  }
  return runs
    .map((run) => ({ run, startedMs: startOf(run) }))
    .sort((a, b) => a.startedMs - b.startedMs)
    .map(({ run }) => run);
}

function foldersIn(outDir: string): string[] {
  try {
    return readdirSync(outDir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory()) // "latest" is a link
      .map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new NmzError("NMZ_RUN_MISSING", `cannot list the runs in "${outDir}": ${messageOf(error)}`, {
      hint: "give the folder that --nmz-out was given",
      cause: error,
    });
  }
}

function startOf({ result, folder }: StoredRun): number {
  if (result !== undefined) return Date.parse(result.startedAt);
  return statSync(folder).birthtimeMs;
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, "trace.jsonl")) || existsSync(join(folder, "run.json"));
}

function readResult(file: string): RunFile | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw damaged(file, messageOf(error), error);
  }
  let result: RunFile;
  try {
    result = JSON.parse(text) as RunFile;
  } catch (error) {
    throw damaged(file, messageOf(error), error);
  }
  if (result?.nmzRun === runVersion) return result;
  throw new NmzError(
    "NMZ_RUN_VERSION",
    `${file} is of version ${String(result?.nmzRun)}, and this nmz reads version ${runVersion}`,
    { hint: "record the run again with this nmz" },
  );
}

function damaged(file: string, what: string, cause: unknown): NmzError {
  return new NmzError("NMZ_RUN_DAMAGED", `cannot read ${file}: ${what}`, {
    hint: "it is written whole or not at all: somebody changed it",
    cause,
  });
}
