import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** The symbolic links below a folder that lead out of it, as paths in it. One that leads nowhere is not among them. */
export function linksOutOf(folder: string): string[] {
  const real = realpathSync(folder);
  return readdirSync(real, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((link) => leadsOut(link, real))
    .map((link) => link.slice(real.length + 1))
    .sort();
}

function leadsOut(link: string, folder: string): boolean {
  try {
    return !`${realpathSync(link)}/`.startsWith(`${folder}/`);
  } catch {
    return false;
  }
}
