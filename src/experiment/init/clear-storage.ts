import { readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { makeFolders, messageOf, NmzError } from "../../util/index.js";
import { isStorage, listExperiments } from "../storage/index.js";

/**
 * An empty folder at `storage`. One that is there is emptied only with `force`, only if it is a storage of experiments, and
 * never when it holds one of `inputs`, a mount, or a run under way. A symbolic link to a storage stays one. Throws
 * NMZ_EXPERIMENT_FOLDER.
 */
export function clearStorage(storage: string, force: boolean, inputs: readonly string[]): void {
  const stats = statSync(storage, { throwIfNoEntry: false });
  if (stats === undefined) {
    makeStorage(storage);
    return;
  }
  if (!stats.isDirectory()) throw refused(`"${storage}" is no folder`, "name a folder that is new or empty");
  const entries = readdirSync(storage);
  if (entries.length === 0) return;
  if (!force) {
    throw refused(
      `the folder "${storage}" is not empty`,
      isStorage(storage)
        ? "its experiments go with --force, or name another folder"
        : "name a folder that is new or empty",
    );
  }
  const real = realpathSync(storage);
  requireOurs(storage, real, inputs);
  try {
    for (const name of entries) rmSync(join(real, name), { recursive: true, force: true });
  } catch (error) {
    throw refused(
      `cannot empty "${storage}": ${messageOf(error)}`,
      "see what holds it, and empty it by hand",
    );
  }
}

function requireOurs(storage: string, real: string, inputs: readonly string[]): void {
  if (!isStorage(real)) {
    throw refused(
      `--force empties storages of experiments only, and "${storage}" is none (a storage has SearchModeInfo, config.toml and materials)`,
      "name another folder, or empty this one by hand",
    );
  }
  const lost = inputs.find((input) => isWithin(realpathSync(input), real));
  if (lost !== undefined) {
    throw refused(`"${lost}" lies in "${storage}" and would go with it`, "copy it elsewhere first");
  }
  // What is mounted there is somebody else's: removing would go through to it.
  const mount = mountPoints().find((point) => isWithin(point, real));
  if (mount !== undefined) {
    throw refused(
      `"${mount}" is mounted in "${storage}"`,
      `umount "${mount}" first (fusermount -u for FUSE)`,
    );
  }
  const running = listExperiments(real).find(({ state }) => state === "running");
  if (running !== undefined) {
    throw refused(`a run is under way in "${running.folder}"`, "wait for it, or end it");
  }
}

function makeStorage(storage: string): void {
  try {
    makeFolders(storage);
  } catch (error) {
    throw refused(`cannot make the folder "${storage}": ${messageOf(error)}`, "name one that can be written");
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Field 5 of /proc/self/mountinfo, in which blanks and the like are octal escapes; see proc(5). */
function mountPoints(): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .flatMap((line) => line.split(" ")[4] ?? [])
    .map((path) =>
      path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))),
    );
}

function refused(message: string, hint: string): NmzError {
  return new NmzError("NMZ_EXPERIMENT_FOLDER", message, { hint, exitCode: 1 });
}
