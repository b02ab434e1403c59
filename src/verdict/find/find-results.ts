import { lstat } from "node:fs/promises";
import { relative, sep } from "node:path";
import { messageOf } from "../../util/index.js";
import { maximumFileBytes } from "../read/read-chunks.js";
import { type FileMark, isChanged, type ResultSnapshot } from "./result-snapshot.js";
import { neverIn, usualDepth, usualPlaces } from "./usual-places.js";

/** A folder that a run may have written to: a volume's folder on this machine, or the working directory. */
export interface ResultFolder {
  /** Absolute, on this machine. */
  readonly path: string;
  /** Where it is in the container: a glob of --results may begin with it. Undefined: nowhere else. */
  readonly mountedAt?: string | undefined;
}

export interface FindOptions {
  /** When the run started, as Date.now() told. Asked only where there is no `before`. */
  readonly sinceMs: number;
  /** Of --results: relative to each folder, or absolute (on this machine, or in the container). Empty: the usual places. */
  readonly globs: readonly string[];
  /** From `rememberResults`, taken before the run: no clock is asked, so a clock that is set, or another one's, changes nothing. */
  readonly before?: ResultSnapshot | undefined;
  /** Absolute: what lies in there is no result of the run, but of others. */
  readonly without?: string | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** More result files than that are read by no one. */
export const maximumFiles = 5000;

/** A file's time is of the kernel's last tick, so up to 10 ms older than the clock's. */
const tickMs = 20;

/** Paths of the result files that this run wrote, sorted: plain files only, and no link is followed. */
export async function findResults(folders: readonly ResultFolder[], options: FindOptions): Promise<string[]> {
  const since = BigInt(Math.floor(options.sinceMs - tickMs)) * 1_000_000n;
  const written: string[] = [];
  for (const [path, mark] of await resultFiles(folders, options)) {
    const isNew =
      options.before === undefined ? mark.mtimeNs >= since : isChanged(options.before.get(path), mark);
    if (!isNew) continue;
    if (mark.size > BigInt(maximumFileBytes)) {
      options.onWarning?.(
        `the result file ${path} is not read: it is larger than ${maximumFileBytes >>> 20} MiB`,
      );
    } else written.push(path);
  }
  return written;
}

/** The result files that are there now, for `findResults` after the run. */
export function rememberResults(
  folders: readonly ResultFolder[],
  options: Pick<FindOptions, "globs" | "without" | "onWarning">,
): Promise<ResultSnapshot> {
  return resultFiles(folders, options);
}

async function resultFiles(
  folders: readonly ResultFolder[],
  { globs, without, onWarning }: Pick<FindOptions, "globs" | "without" | "onWarning">,
): Promise<Map<string, FileMark>> {
  const paths = new Set<string>();
  for (const folder of folders) {
    try {
      for (const path of await pathsIn(folder, globs, without)) paths.add(path);
    } catch (error) {
      onWarning?.(`no result files are looked for in ${folder.path}: ${messageOf(error)}`);
    }
  }
  if (paths.size > maximumFiles) {
    onWarning?.(
      `there are ${paths.size} result files; the first ${maximumFiles} are read: name those that matter with --results`,
    );
  }
  const files = new Map<string, FileMark>();
  for (const path of [...paths].sort().slice(0, maximumFiles)) {
    const mark = await markOf(path);
    if (mark !== undefined) files.set(path, mark);
  }
  return files;
}

async function pathsIn(
  { path, mountedAt }: ResultFolder,
  globs: readonly string[],
  without: string | undefined,
): Promise<string[]> {
  const { escapePath, glob } = await import("tinyglobby");
  const inside = without === undefined ? ".." : relative(path, without);
  const others = inside === "" || inside.split(sep)[0] === ".." ? [] : [`${escapePath(inside)}/**`];
  const shared = {
    cwd: path,
    absolute: true,
    onlyFiles: true,
    followSymbolicLinks: false,
    expandDirectories: false,
  };
  if (globs.length === 0)
    return glob([...usualPlaces], { ...shared, ignore: [...neverIn, ...others], deep: usualDepth });
  const patterns = globs.flatMap((pattern) => relativeTo([path, mountedAt], pattern) ?? []);
  return patterns.length === 0 ? [] : glob(patterns, { ...shared, ignore: others, dot: true });
}

/** The glob as one of this folder; undefined: it is of another, or leads out of it. */
function relativeTo(roots: readonly (string | undefined)[], pattern: string): string | undefined {
  if (pattern.split("/").includes("..")) return undefined;
  if (!pattern.startsWith("/")) return pattern.replace(/^(?:\.\/+)+/, "");
  for (const root of roots) {
    const start = root === undefined ? undefined : `${root.replace(/\/+$/, "")}/`;
    if (start !== undefined && pattern.startsWith(start)) return pattern.slice(start.length);
  }
  return undefined;
}

async function markOf(path: string): Promise<FileMark | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? { inode: stats.ino, size: stats.size, mtimeNs: stats.mtimeNs } : undefined;
  } catch {
    // It went away meanwhile, so it is no result.
    return undefined;
  }
}
