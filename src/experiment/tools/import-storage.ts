import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configAsToml } from "../../config/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import { clearStorage } from "../init/clear-storage.js";
import { placeMaterials } from "../init/place-materials.js";
import {
  goJson,
  names,
  readResult,
  readRunCount,
  requireStorage,
  runFolder,
  runName,
  runNumbers,
  writeResult,
  writeRunCount,
} from "../storage/index.js";
import { writeImportedTrace } from "./imported-trace.js";
import { linksOutOf } from "./links-out-of.js";
import { modernAction, modernEvent } from "./modern-signal.js";
import { readStoredActions, type StoredAction } from "./stored-action.js";

/** What became of a storage that was imported. */
export interface ImportReport {
  /** Runs with a result, of those with a folder. */
  readonly imported: number;
  readonly withoutResult: number;
  /** Runs whose actions could not be read, and why. */
  readonly withoutTrace: readonly string[];
  /** Actions that are in actions/ and have no place in our traces. */
  readonly unknownActions: number;
  /** Links that lead out of the storage: whoever made it does not choose which of our files go into ours. */
  readonly leftOut: readonly string[];
}

/**
 * Reads a storage that the original wrote, of any time since 2015, into a new one of ours: results and actions in their form
 * of today, and a trace and run.json for whatever reads ours. Files that runs left besides come along, as hard links
 * where that is possible. `source` is only read. Throws NMZ_EXPERIMENT_STORAGE, NMZ_EXPERIMENT_FOLDER, NMZ_EXPERIMENT_IMPORT.
 */
export function importStorage(source: string, target: string): ImportReport {
  requireStorage(source);
  const leftOut = linksOutOf(source);
  requireOwnFiles(source, leftOut);
  clearStorage(target, false, [source]);
  const report = { imported: 0, withoutResult: 0, withoutTrace: [] as string[], unknownActions: 0, leftOut };
  try {
    importConfig(source, target);
    importMaterials(source, target);
    const numbers = runNumbers(source);
    for (const number of numbers) importRun(source, target, number, report);
    writeRunCount(target, Math.max(readRunCount(source), (numbers.at(-1) ?? -1) + 1));
  } catch (error) {
    for (const name of readdirSync(target)) rmSync(join(target, name), { recursive: true, force: true });
    throw new NmzError("NMZ_EXPERIMENT_IMPORT", `cannot import "${source}": ${messageOf(error)}`, {
      hint: "see whether it can be read, and whether there is room for it",
      cause: error,
      exitCode: 1,
    });
  }
  return report;
}

/** What is read, not merely brought along, must be the storage's own. */
function requireOwnFiles(source: string, linksOut: readonly string[]): void {
  const isRead =
    /^(config\.(toml|json)|SearchModeInfo|[\da-f]{8,13}\/(result(\.json)?|run\.json|trace\.jsonl|state\.json|(actions|history)(\/.*)?))$/;
  const link = linksOut.find((path) => isRead.test(path));
  if (link === undefined) return;
  throw new NmzError("NMZ_EXPERIMENT_IMPORT", `"${join(source, link)}" leads out of the storage`, {
    hint: "put the file itself there, if you know what it is",
    exitCode: 1,
  });
}

/** Until 2015 the config was JSON. */
function importConfig(source: string, target: string): void {
  const file = join(target, names.config);
  const toml = join(source, names.config);
  if (existsSync(toml)) {
    copyFileSync(toml, file);
    return;
  }
  const json = join(source, "config.json");
  writeFileSync(file, existsSync(json) ? configAsToml(json) : "");
}

function importMaterials(source: string, target: string): void {
  const folder = join(target, names.materials);
  mkdirSync(folder);
  const materials = join(source, names.materials);
  if (existsSync(materials)) placeMaterials(materials, folder, target, { within: source });
}

/** Written anew in another form, or another run's. */
const rewritten: readonly string[] = [
  names.actions,
  names.result,
  names.oldResult,
  "run.json",
  "trace.jsonl",
  "state.json",
];

function importRun(
  source: string,
  target: string,
  number: number,
  report: { imported: number; withoutResult: number; withoutTrace: string[]; unknownActions: number },
): void {
  const from = runFolder(source, number);
  const to = runFolder(target, number);
  mkdirSync(to);
  placeMaterials(from, to, target, { leftOut: rewritten, within: source });
  const result = readResult(from);
  let actions: StoredAction[] = [];
  try {
    actions = [...readStoredActions(from)].map(modern);
    writeActions(to, actions);
  } catch (error) {
    report.withoutTrace.push(`${runName(number)}: ${messageOf(error)}`);
  }
  if (result instanceof Error) {
    report.withoutResult += 1;
    return;
  }
  const endedMs = statSync(resultFile(from)).mtimeMs;
  report.unknownActions += writeImportedTrace({ folder: to, number, source, result, endedMs, actions });
  writeResult(to, result);
  report.imported += 1;
}

function resultFile(folder: string): string {
  const file = join(folder, names.result);
  return existsSync(file) ? file : join(folder, names.oldResult);
}

function modern({ action, event, ...times }: StoredAction): StoredAction {
  return { action: modernAction(action), event: event && modernEvent(event), ...times };
}

function writeActions(folder: string, actions: readonly StoredAction[]): void {
  const to = join(folder, names.actions);
  mkdirSync(to);
  for (const [number, { action, event }] of actions.entries()) {
    writeFileSync(join(to, `${number}.action.json`), goJson(action));
    if (event !== undefined) writeFileSync(join(to, `${number}.event.json`), goJson(event));
  }
}
