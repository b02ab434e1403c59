import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** "nmzc 0.1.0", whichever command was asked. */
export function versionLine(path: string): string {
  return `${path.split(" ", 1)[0]} ${readVersion()}\n`;
}

/** From the package's own package.json, the nearest one above: the same from src and from dist. */
function readVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (name === "nmzc") return String(version);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (folder === dirname(folder)) return "unknown";
  }
}
