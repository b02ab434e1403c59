import { copyFileSync, existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { makeFolders } from "../../util/index.js";

/** What is larger is left where it is. */
const maxFileBytes = 64 << 20;

/** Copies result files into the run's folder, under their names; of two with one name the second is "2-NAME". */
export function collectResults(files: readonly string[], folder: string): void {
  if (files.length === 0) return;
  makeFolders(folder);
  for (const file of files) {
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined || size > maxFileBytes) continue;
    let target = join(folder, basename(file));
    for (let number = 2; existsSync(target); number++) target = join(folder, `${number}-${basename(file)}`);
    copyFileSync(file, target);
  }
}
