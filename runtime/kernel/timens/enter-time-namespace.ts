import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where it is on every distribution, whatever the PATH of the program that is started says. */
const usualFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

/** Words in front of a command, which make it run in the time namespace at `path` with the same pid. */
export function wordsIntoTimeNamespace(
  path: string,
  as?: { readonly uid: number; readonly gid: number },
): readonly [file: string, ...words: string[]] {
  const user = as === undefined ? [] : [`--setgid=${as.gid}`, `--setuid=${as.uid}`];
  return [nsenter() ?? "nsenter", `--time=${path}`, ...user, "--"];
}

/** Why no program can be started in the namespace at `path`, found by starting one; undefined: it can. */
export function whyTimeNamespaceRefuses(path: string): string | undefined {
  if (nsenter() === undefined) return "there is no nsenter(1)";
  const [file, ...words] = wordsIntoTimeNamespace(path);
  const { status, error, stderr } = spawnSync(file, [...words, "true"], { encoding: "utf8" });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : stderr.trim().split("\n")[0] || `nsenter ended with ${status}`;
}

function nsenter(): string | undefined {
  const folders = [
    ...usualFolders,
    ...(process.env["PATH"] ?? "").split(delimiter).filter((each) => each !== ""),
  ];
  return folders.map((folder) => join(folder, "nsenter")).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
