import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { ContainerFile, Engine, FileSink } from "../../../runtime/engine/index.js";
import type { ContainerVisit } from "../../container/run-io.js";
import { makeFolders, messageOf } from "../../util/index.js";
// Not by the folder's door, which brings the readers: each run's process loads this.
import { maximumFiles } from "../../verdict/find/find-results.js";
import { type GlobPlace, matcherOf, outermost, placeOf } from "../../verdict/find/glob-places.js";
import { freeName, maximumResultBytes, maximumResultsBytes } from "./collect-results.js";
import type { TakeOptions } from "./in-container.js";

/** Of all files below the places, wanted or not: a folder is read as a whole. */
const maximumReadBytes = 1 << 30;
const patienceMs = 30_000;

/** Size and time of a file, which say whether a run wrote it. */
type Mark = Pick<ContainerFile, "sizeBytes" | "mtimeMs">;

/**
 * Takes the files that --results names out of the container of one run, over the engine's archive API: those that are not as the
 * image has them, which the container tells before it starts.
 */
export class ArchiveResults implements ContainerVisit {
  readonly #options: TakeOptions;
  readonly #places: readonly GlobPlace[];
  readonly #matches: (path: string) => boolean;
  /** Undefined: it could not be told, so nothing is known to be the run's. */
  #before: ReadonlyMap<string, Mark> | undefined;

  constructor(options: TakeOptions) {
    this.#options = options;
    this.#places = outermost(options.globs.map(placeOf));
    this.#matches = matcherOf(options.globs);
  }

  async created(engine: Engine, containerId: string): Promise<void> {
    const before = new Map<string, Mark>();
    const isWhole = await this.#read(engine, containerId, (file) => {
      before.set(file.path, file);
      return undefined;
    });
    if (isWhole) this.#before = before;
  }

  async exited(engine: Engine, containerId: string): Promise<void> {
    if (this.#options.endNow.aborted) return;
    const before = this.#before;
    if (before === undefined) return;
    const budget = new Budget(this.#options.warn);
    await this.#read(engine, containerId, (file) => {
      const was = before.get(file.path);
      const isOld = was !== undefined && was.sizeBytes === file.sizeBytes && was.mtimeMs === file.mtimeMs;
      return isOld || !budget.allows(file) ? undefined : openResult(this.#options.folder, file.path);
    });
  }

  async #read(
    engine: Engine,
    containerId: string,
    take: (file: ContainerFile) => FileSink | undefined,
  ): Promise<boolean> {
    const { endNow, warn } = this.#options;
    const signal = AbortSignal.any([endNow, AbortSignal.timeout(patienceMs)]);
    for (const { path, isFolder } of this.#places) {
      try {
        const end = await engine.readFiles(containerId, isFolder ? `${path}/.` : path, {
          ...{ maximumBytes: maximumReadBytes, signal },
          take: (file) => (this.#matches(file.path) ? take(file) : undefined),
        });
        if (end !== "cut") continue;
        warn(`${path} of the container is larger than 1 GiB: name a deeper folder with --results`);
      } catch (error) {
        warn(`the result files in ${path} of the container are not read: ${messageOf(error)}`);
      }
      return false;
    }
    return true;
  }
}

/** How much one run may leave. */
class Budget {
  readonly #warn: (text: string) => void;
  #files = 0;
  #bytes = 0;
  #isTold = false;

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  allows({ path, sizeBytes }: ContainerFile): boolean {
    if (sizeBytes > maximumResultBytes) {
      this.#warn(
        `the result file ${path} of the container is not taken: it is larger than ${maximumResultBytes >>> 20} MiB`,
      );
      return false;
    }
    if (this.#files < maximumFiles && this.#bytes + sizeBytes <= maximumResultsBytes) {
      this.#files++;
      this.#bytes += sizeBytes;
      return true;
    }
    if (!this.#isTold) {
      this.#warn(
        `the container has more result files than ${maximumFiles}, or than ${maximumResultsBytes >>> 20} MiB: ${path} and others are not taken`,
      );
    }
    this.#isTold = true;
    return false;
  }
}

function openResult(folder: string, path: string): FileSink {
  makeFolders(folder);
  const descriptor = openSync(join(folder, freeName(folder, path)), "wx", 0o644);
  return {
    write: (chunk) => {
      for (let written = 0; written < chunk.length; ) {
        written += writeSync(descriptor, chunk, written, chunk.length - written);
      }
    },
    close: () => closeSync(descriptor),
  };
}
