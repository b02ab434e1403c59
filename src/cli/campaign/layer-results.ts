import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { ContainerLayers, Engine } from "../../../runtime/engine/index.js";
import type { ContainerVisit } from "../../container/run-io.js";
import { messageOf } from "../../util/index.js";
// Not by the folder's door, which brings the readers: each run's process loads this.
import { rememberResults } from "../../verdict/find/find-results.js";
import type { FileMark } from "../../verdict/find/result-snapshot.js";
import { collectResults } from "./collect-results.js";
import type { TakeOptions } from "./in-container.js";

/**
 * Takes what one run left in the usual places of its container, where the engine keeps the container's files as folders of this
 * machine: that costs next to nothing, so nobody has to ask for it. Asking the engine what a container has changed takes it 200 ms.
 */
export class LayerResults implements ContainerVisit {
  readonly #options: TakeOptions;

  constructor(options: TakeOptions) {
    this.#options = options;
  }

  async created(): Promise<void> {}

  async exited(engine: Engine, containerId: string): Promise<void> {
    const { workdir, folder, endNow, warn } = this.#options;
    if (endNow.aborted) return;
    try {
      const { layers } = await engine.inspectContainer(containerId);
      if (layers !== undefined) await collectFromLayer(layers, workdir, folder, warn);
    } catch (error) {
      warn(`no result files are looked for in the container: ${messageOf(error)}`);
    }
  }
}

/**
 * Copies what lies in the usual places below `workdir` and was written by the container itself. A file that has merely changed its
 * owner is in the container's layer, too: it has the size and the time that the image gave it.
 */
export async function collectFromLayer(
  { own, below }: ContainerLayers,
  workdir: string,
  folder: string,
  warn: (text: string) => void,
): Promise<void> {
  const root = join(own, workdir);
  // Not there: the container has written nothing there, or the engine's folders are another machine's, or container's.
  if (!isFolderWithoutLinks(own, workdir) || readdirSync(root).length === 0) return;
  const found = await rememberResults([{ path: root }], { globs: [], onWarning: warn });
  const written = [...found].filter(([path, mark]) => !isOfImage(relative(own, path), mark, below));
  collectResults(
    written.map(([path]) => path),
    [own],
    folder,
    warn,
  );
}

/** The container has put its links there itself; on this machine they lead elsewhere. */
function isFolderWithoutLinks(own: string, workdir: string): boolean {
  let path = own;
  for (const name of ["", ...workdir.split("/").filter(Boolean)]) {
    path = join(path, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  }
  return true;
}

function isOfImage(path: string, mark: FileMark, below: readonly string[]): boolean {
  for (const layer of below) {
    const was = lstatSync(join(layer, path), { bigint: true, throwIfNoEntry: false });
    if (was !== undefined) return was.size === mark.size && was.mtimeNs === mark.mtimeNs;
  }
  return false;
}
