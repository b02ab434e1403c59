import {
  accessSync,
  constants,
  type Dirent,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { runtimeFolder, runtimeFolderMode } from "../../runtime/engine/runtime-folder.js";
import { messageOf, NmzError, type UndoStack } from "../util/index.js";

export { runtimeFolder };

/** Makes the folder of all runs. Throws NMZ_RUN_FOLDER, for those who are not root above all. */
export function createRuntimeFolder(): void {
  try {
    mkdirSync(runtimeFolder, { recursive: true, mode: runtimeFolderMode });
    accessSync(runtimeFolder, constants.W_OK);
    if (!isOursAlone(runtimeFolder)) throw new Error("others may write to it, or it is no folder of ours");
  } catch (error) {
    throw new NmzError("NMZ_RUN_FOLDER", `cannot write to ${runtimeFolder}: ${messageOf(error)}`, {
      hint: "run with sudo: nmzc keeps there what must be undone after a crash",
      cause: error,
    });
  }
}

/**
 * Nobody but this user or root could have put the file or folder there, or what it holds: root undoes whatever a journal
 * says, so a journal that another user planted would be a way to root.
 */
export function isOursAlone(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !(stats.isFile() || stats.isDirectory())) return false;
  return (stats.uid === 0 || stats.uid === process.geteuid?.()) && (stats.mode & 0o022) === 0;
}

/**
 * A folder for one run; removed again by the undo stack. Root alone may enter it: the volumes are mounted in it, and whoever
 * reaches one there passes by the folders above the user's own, which may keep him out.
 */
export function createRunFolder(runId: string, undo: UndoStack): string {
  const folder = join(runtimeFolder, runId);
  // The record comes before the folder: a kill between the two must leave the record, not the folder.
  undo.push(`folder ${folder}`, () => removeRunFolder(folder), { kind: "folder", path: folder });
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/**
 * Removes the run's own files and empty folders, nothing else: when a mount could not be undone, removing what is
 * below it would remove the user's files, so a folder that is not empty is an error.
 */
export function removeRunFolder(folder: string): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // Mount points are empty folders, or empty files where a single file is mounted.
    if (entry.isDirectory()) rmdirSync(path);
    else rmSync(path);
  }
  rmdirSync(folder);
}
