import { join, relative } from "node:path";
import { NmzError } from "../../util/index.js";
import { resolveExisting } from "./resolve-existing.js";

/** Where a folder of the host is in our own container. */
export interface SharedFolder {
  /** On the host; "" for what is in memory, which hides what is below. */
  readonly source: string;
  /** Here, without symbolic links. */
  readonly target: string;
}

/** Paths as this process sees them, and as the engine does. */
export interface HostPaths {
  /** False: this process and the engine see the same paths. */
  readonly isInContainer: boolean;
  /** The engine's path of ours, which need not exist yet. Throws NMZ_IMAGE_PATH. */
  toHost(path: string): string;
  /** Our path of the engine's. Throws NMZ_IMAGE_PATH. */
  toOwn(hostPath: string): string;
}

const samePaths: HostPaths = { isInContainer: false, toHost: (path) => path, toOwn: (path) => path };

let current = samePaths;

export function hostPaths(): HostPaths {
  return current;
}

/** From now on this process is known to be in a container that has these folders of the host. Once, at the start. */
export function useSharedFolders(folders: readonly SharedFolder[]): void {
  current = pathsThrough(folders);
}

/** The folder that holds the path decides, the innermost one. */
export function pathsThrough(folders: readonly SharedFolder[]): HostPaths {
  const through = (path: string, from: "source" | "target", to: "source" | "target"): string | undefined => {
    const holders = folders.filter((folder) => isBelow(path, folder[from]));
    const innermost = holders.reduce<SharedFolder | undefined>(
      (best, folder) => (best === undefined || folder[from].length > best[from].length ? folder : best),
      undefined,
    );
    return innermost === undefined || innermost[to] === ""
      ? undefined
      : join(innermost[to], relative(innermost[from], path));
  };
  return {
    isInContainer: true,
    toHost(path) {
      const found = through(resolveExisting(path), "target", "source");
      if (found !== undefined) return found;
      throw new NmzError(
        "NMZ_IMAGE_PATH",
        `${path} is only in nmzc's own container: the engine does not see it`,
        {
          hint: `add -v ${path}:${path} to the command that starts nmzc's container`,
        },
      );
    },
    toOwn(hostPath) {
      const found = through(hostPath, "source", "target");
      if (found !== undefined) return found;
      throw new NmzError("NMZ_IMAGE_PATH", `${hostPath} of the host is not in nmzc's own container`, {
        hint: `add -v ${hostPath}:${hostPath} to the command that starts nmzc's container, or --nmz-disable fs`,
      });
    },
  };
}

function isBelow(path: string, folder: string): boolean {
  return folder !== "" && (folder === "/" || path === folder || path.startsWith(`${folder}/`));
}
