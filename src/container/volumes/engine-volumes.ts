import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import type { Engine, VolumeInfo } from "../../../runtime/engine/index.js";
import { NmzError, type UndoStack } from "../../util/index.js";
import { ignoreGone } from "../engine-failures.js";
import { hostPaths } from "../from-inside/host-paths.js";
import { anonymousVolumeLabel } from "../labels.js";
import type { RunRequest, VolumeRequest } from "../run-request.js";
import { mountDriverVolume } from "./mount-driver-volume.js";
import { populateVolume } from "./populate-volume.js";

// What engines from 23 on put on a volume that was made without a name: `docker volume prune` asks for it.
const engineAnonymousLabel = "com.docker.volume.anonymous";

export interface EngineVolumesOptions {
  readonly engine: Engine;
  readonly request: RunRequest;
  readonly runId: string;
  readonly runFolder: string;
  readonly undo: UndoStack;
}

/** The engine's volumes, named and anonymous: made where they are missing, filled from the image as docker does. */
export class EngineVolumes {
  readonly #options: EngineVolumesOptions;
  /** By volume: two targets of one volume share what was mounted for it. */
  readonly #sources = new Map<string, Promise<string>>();

  constructor(options: EngineVolumesOptions) {
    this.#options = options;
  }

  async folderOf(volume: VolumeRequest): Promise<{ readonly source: string; readonly origin: string }> {
    const { engine, request, runId, undo } = this.#options;
    const info = await this.#findOrCreate(volume);
    const here = info.mountpoint === "" ? undefined : hostPaths().toOwn(info.mountpoint);
    if (here === undefined || statSync(here, { throwIfNoEntry: false }) === undefined) {
      throw new NmzError(
        "NMZ_VOLUME_NO_FOLDER",
        `volume "${info.name}" (driver "${info.driver}") has no folder on this host that could be shaken`,
        { hint: "use a volume of the driver local, a bind mount, or --nmz-disable fs" },
      );
    }
    let source = this.#sources.get(info.name);
    if (source === undefined) {
      source = this.#sourceOf({ ...info, mountpoint: here });
      this.#sources.set(info.name, source);
    }
    const folder = await source;
    if (!volume.noCopy) {
      const { Image: image } = request.body;
      await populateVolume({ engine, runId, image, volume: info, folder, undo }, volume.target);
    }
    return { source: folder, origin: info.mountpoint };
  }

  async #findOrCreate(volume: VolumeRequest): Promise<VolumeInfo> {
    const { engine } = this.#options;
    const { source: name, driver, driverOptions, labels } = volume;
    if (name !== undefined) {
      return (await engine.inspectVolume(name)) ?? engine.createVolume(name, driver, driverOptions, labels);
    }
    return this.#createAnonymous(volume);
  }

  /**
   * Under a name that is ours before it is the engine's, like the engine's own: a kill while the engine works on the request
   * finds it in the journal.
   */
  #createAnonymous({ driver, driverOptions, labels }: VolumeRequest): Promise<VolumeInfo> {
    const { engine, request, undo } = this.#options;
    const name = randomBytes(32).toString("hex");
    if (request.removeAtEnd) {
      const remove = () => engine.removeVolume(name).catch(ignoreGone);
      undo.push(`volume ${name}`, remove, { kind: "volume", name });
    }
    return engine.createVolume(name, driver, driverOptions, {
      ...labels,
      [anonymousVolumeLabel]: "true",
      [engineAnonymousLabel]: "",
    });
  }

  async #sourceOf(info: VolumeInfo): Promise<string> {
    const { runFolder, undo } = this.#options;
    const hasOptions = info.driver === "local" && info.options["device"] !== undefined;
    return hasOptions ? mountDriverVolume(info, runFolder, this.#sources.size, undo) : info.mountpoint;
  }
}
