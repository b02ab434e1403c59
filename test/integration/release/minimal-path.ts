import { accessSync, constants, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What the programs may call; no compiler, make or python3 is among them, so nothing can be built. */
const tools = ["sh", "env", "true", "node", "npm", "npx"];

/** A folder for PATH with these tools alone. */
export function makeMinimalPath(parent: string): string {
  const folder = join(parent, "path");
  mkdirSync(folder);
  for (const tool of tools) symlinkSync(realpathSync(find(tool)), join(folder, tool));
  return folder;
}

function find(tool: string): string {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return join(folder, tool);
    } catch {
      // the next one
    }
  }
  throw new Error(`no ${tool} in PATH`);
}
