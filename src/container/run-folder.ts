import { type Dirent, mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { UndoStack } from "../util/index.js";

/** Where runs keep what is alive only while they are: mount points, journals, supervisor logs. Root only. */
export const runtimeFolder = "/run/nmzc";

/** A folder for one run; removed again by the undo stack. */
export function createRunFolder(runId: string, undo: UndoStack): string {
  mkdirSync(runtimeFolder, { recursive: true, mode: 0o711 });
  const folder = join(runtimeFolder, runId);
  // The record comes before the folder: a kill between the two must leave the record, not the folder.
  undo.push(`folder ${folder}`, () => removeRunFolder(folder), { kind: "folder", path: folder });
  mkdirSync(folder, { mode: 0o711 });
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
