import { posix } from "node:path";
import picomatch from "picomatch";

/** Where files that match a glob can be. */
export interface GlobPlace {
  /** Absolute. */
  readonly path: string;
  /** False: the glob names this file alone. */
  readonly isFolder: boolean;
}

/** A glob of --results as one of absolute paths; undefined: it leads out of the folder that it is relative to. */
export function absoluteGlob(glob: string, workdir: string): string | undefined {
  if (glob.split("/").includes("..")) return undefined;
  if (glob.startsWith("/")) return glob;
  const literal = workdir.replace(/[\\*?[\]{}()!+@]/g, "\\$&");
  return posix.join(literal, glob);
}

export function placeOf(glob: string): GlobPlace {
  const { base, isGlob } = picomatch.scan(glob);
  return { path: posix.join("/", base.replace(/\\(.)/g, "$1")), isFolder: isGlob };
}

/** Of places that hold each other the outermost: what is read once need not be read again. */
export function outermost(places: readonly GlobPlace[]): GlobPlace[] {
  const sorted = [...places].sort((a, b) => a.path.length - b.path.length);
  const kept: GlobPlace[] = [];
  for (const place of sorted) {
    const isHeld = kept.some(
      ({ path, isFolder }) => path === place.path || (isFolder && isBelow(place.path, path)),
    );
    if (!isHeld) kept.push(place);
  }
  return kept;
}

export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder.replace(/\/$/, "")}/`);
}

/** Whether an absolute path is one of the files that the globs name. */
export function matcherOf(globs: readonly string[]): (path: string) => boolean {
  return picomatch([...globs], { dot: true });
}
