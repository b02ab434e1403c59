import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Without symbolic links, as far as it is there. */
export function resolveExisting(path: string): string {
  if (path === "/" || existsSync(path)) return realpathSync(path);
  return join(resolveExisting(dirname(path)), relative(dirname(path), path));
}
