import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { judgeRun, type MadeRun, type RunOrder, type RunVerdict } from "../../campaign/index.js";
import { systemClock } from "../../util/index.js";
import { findResults, type ResultFolder, rememberResults } from "../../verdict/index.js";
import type { ChildEnd } from "./child-run.js";
import { collectResults } from "./collect-results.js";
import type { ContainerResults } from "./in-container.js";
import type { LoopServices } from "./loop-services.js";

export interface RunMaking {
  readonly services: LoopServices;
  /** Cleans up after a run whose process was killed. */
  readonly prune: () => Promise<void>;
  readonly order: RunOrder;
  readonly words: readonly string[];
  readonly copies: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly timeoutMs: number | undefined;
  /** Where the run may leave result files. */
  readonly folders: readonly ResultFolder[];
  readonly globs: readonly string[];
  /** What it may leave in its container. */
  readonly inContainer?: ContainerResults | undefined;
  /** What lies in there is not the run's. */
  readonly campaignFolder: string;
  readonly warn: (text: string) => void;
  readonly endNow: AbortSignal;
  /** Removes what was made for the run besides its folder. */
  readonly cleanUp?: () => Promise<void>;
}

/** One run in a process of its own, and what its results say. Throws NMZ_CAMPAIGN_WRITE. */
export async function makeRunInChild(making: RunMaking): Promise<MadeRun> {
  const { services, order, words, cwd, timeoutMs, folders, globs, endNow, prune, cleanUp, copies } = making;
  const { inContainer, warn } = making;
  const warnOfRun = (text: string): void => warn(`run ${order.run}: ${text}`);
  const resultsFolder = join(order.folder, "results");
  const outputFile = join(order.folder, "output.log");
  const without = making.campaignFolder;
  try {
    const before = await rememberResults(folders, { globs, without, onWarning: warn });
    const sinceMs = systemClock.wallMs();
    const logFile = join(order.folder, "nmzc.log");
    const end = await services.makeChildRun(
      {
        ...{ words, cwd, outputFile, logFile, timeoutMs, onWarning: warnOfRun },
        options: { copies, ...(inContainer && { results: { ...inContainer, folder: resultsFolder } }) },
      },
      endNow,
    );
    if (end.wasKilled) await prune();
    const { durationMs } = end;
    if (end.kind !== "ended") return notEnded(end, cleanUp);
    const options = { sinceMs, globs, before, without, onWarning: warn };
    const found = await findResults(folders, options);
    const resultFiles = [...taken(resultsFolder), ...found];
    const { exitCode, isOutputWhole } = end;
    const verdict: RunVerdict = await judgeRun({ exitCode, resultFiles, outputFile, isOutputWhole });
    for (const warning of verdict.warnings) warnOfRun(warning);
    const finish = async (isKept: boolean): Promise<void> => {
      if (isKept) {
        const roots = folders.map(({ path }) => path);
        collectResults(found, roots, resultsFolder, warnOfRun);
      }
      await cleanUp?.();
    };
    return { kind: "ended", exitCode, durationMs, verdict, finish };
  } catch (error) {
    await cleanUp?.();
    throw error;
  }
}

/** What the run's process took out of its container. */
function taken(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

function notEnded(
  end: Exclude<ChildEnd, { kind: "ended" }>,
  cleanUp: (() => Promise<void>) | undefined,
): MadeRun {
  const { durationMs } = end;
  const finish = async (): Promise<void> => cleanUp?.();
  switch (end.kind) {
    case "timeout":
      return { kind: "timeout", durationMs, finish };
    case "interrupted":
      return { kind: "interrupted", finish };
    case "failed":
      return { kind: "error", durationMs, error: end.error, isEngineGone: end.isEngineGone, finish };
  }
}
