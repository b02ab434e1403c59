import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { NmzError } from "../../util/index.js";
import type { CommandRequest } from "../inspect-proc.js";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Throws NMZ_PROC_COMMAND when the command could not be invoked (exit code 126) or found (127), as a shell's. */
export function findProgram({ words, cwd, env }: Pick<CommandRequest, "words" | "cwd" | "env">): void {
  const [name = ""] = words;
  const folders = (env["PATH"] ?? defaultPath).split(delimiter);
  const candidates = name.includes("/") ? [resolve(cwd, name)] : folders.map((folder) => join(folder, name));
  const files = name === "" ? [] : candidates.filter(isFile);
  if (files.some(isExecutable)) return;
  const isThere = files.length > 0;
  throw new NmzError("NMZ_PROC_COMMAND", `${name}: ${isThere ? "cannot be executed" : "command not found"}`, {
    exitCode: isThere ? 126 : 127,
    hint: isThere ? `chmod +x ${files[0]}` : "the command is looked for as a shell does, in PATH",
  });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
