import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PackedFile } from "./pack-rules.js";

/** The files below the folder that a tarball was unpacked to. */
export function readPackage(folder: string): PackedFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return {
        path: file.slice(folder.length + 1),
        isExecutable: (statSync(file).mode & 0o111) !== 0,
        content: readFileSync(file),
      };
    });
}
