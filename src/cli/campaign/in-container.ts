import type { RunRequest } from "../../container/run-request.js";
import { NmzError } from "../../util/index.js";
import { absoluteGlob, isBelow, placeOf } from "../../verdict/index.js";
import { isWritableBind } from "./run-words.js";

/** What of an image says where files of its containers lie. */
export interface ImageFolders {
  readonly workingDir: string;
  /** Folders that are volumes in each container. */
  readonly volumes: readonly string[];
}

/** What is looked for in the container itself, outside of all that is mounted there. */
export interface ContainerResults {
  readonly workdir: string;
  /** Absolute; empty: the usual places below `workdir`. */
  readonly globs: readonly string[];
}

/** For the process of one run. */
export interface TakeOptions extends ContainerResults {
  /** Where the files go, under their names. */
  readonly folder: string;
  readonly endNow: AbortSignal;
  readonly warn: (text: string) => void;
}

/**
 * Where results of --results, or of nobody's naming, may lie besides the folders that are mounted; undefined: nowhere. Throws
 * NMZ_CLI_FLAG_REFUSED for a glob that no file can be had by.
 */
export function resultsInContainer(
  request: RunRequest,
  image: ImageFolders,
  globs: readonly string[],
): ContainerResults | undefined {
  const workdir = request.body.WorkingDir || image.workingDir;
  const mounts = mountTargets(request, image);
  const holderOf = (path: string): string | undefined =>
    mounts.filter((each) => path === each || isBelow(path, each)).sort((a, b) => b.length - a.length)[0];
  if (globs.length === 0) return holderOf(workdir) === undefined ? { workdir, globs: [] } : undefined;
  const folders = request.volumes.filter(isWritableBind).map(({ target }) => target);
  const taken: string[] = [];
  for (const glob of globs) {
    const absolute = absoluteGlob(glob, workdir);
    // Relative ones are looked for in each mounted folder, too, so nothing is wrong with those that cannot be had here.
    const mayBeElsewhere = !glob.startsWith("/") && folders.length > 0;
    if (absolute === undefined) {
      if (mayBeElsewhere) continue;
      throw refused(glob, "it leads out of the folder that it is relative to", "name the folder from / on");
    }
    const { path, isFolder } = placeOf(absolute);
    const holder = holderOf(path);
    if (holder !== undefined && folders.includes(holder)) continue;
    const inside = mounts.filter((each) => isBelow(each, path));
    const why = whyNot(path, isFolder, holder, inside);
    if (why === undefined) taken.push(absolute);
    else if (!mayBeElsewhere) throw refused(glob, ...why);
  }
  return taken.length === 0 ? undefined : { workdir, globs: taken };
}

function whyNot(
  path: string,
  isFolder: boolean,
  holder: string | undefined,
  inside: readonly string[],
): readonly [what: string, hint: string] | undefined {
  if (holder !== undefined) {
    const what = `it lies in ${holder}, a volume that is no folder which the runs may write to`;
    return [what, `mount a folder there: -v ./results:${path}`];
  }
  if (isFolder && (path === "/" || inside.length > 0)) {
    const lies = path === "/" ? "the whole container" : `${path} with ${inside.join(", ")} mounted below it`;
    return [`${lies} would have to be read`, "name a deeper folder: /app/target/surefire-reports/*.xml"];
  }
  return undefined;
}

function refused(glob: string, what: string, hint: string): NmzError {
  return new NmzError("NMZ_CLI_FLAG_REFUSED", `--results ${glob} is not possible: ${what}`, { hint });
}

function mountTargets({ volumes, body }: RunRequest, image: ImageFolders): string[] {
  const { Tmpfs = {}, Mounts = [] } = body.HostConfig;
  return [
    ...volumes.map(({ target }) => target),
    ...Object.keys(Tmpfs),
    ...Mounts.map(({ Target }) => Target),
    ...image.volumes,
  ].map((target) => target.replace(/(?<=.)\/+$/, ""));
}
