import { readdirSync } from "node:fs";
import type { Engine, VolumeInfo } from "../../../runtime/engine/index.js";
import type { UndoStack } from "../../util/index.js";
import { runLabel } from "../labels.js";

export interface PopulateOptions {
  readonly engine: Engine;
  /** Labels the container: a kill before its ID is on record leaves one that a sweep finds. */
  readonly runId: string;
  readonly image: string;
  readonly volume: VolumeInfo;
  /** Where its files are. */
  readonly folder: string;
  readonly undo: UndoStack;
}

/**
 * Docker fills an empty volume with what the image has at the target, when a container with that volume is created.
 * Our container is created with a FUSE folder instead, so a container that never starts does it in its place.
 */
export async function populateVolume(options: PopulateOptions, target: string): Promise<void> {
  const { engine, runId, image, volume, folder, undo } = options;
  if (readdirSync(folder).length > 0) return;
  const { id } = await engine.createContainer(
    {
      Image: image,
      Cmd: ["true"],
      Labels: { [runLabel]: runId },
      HostConfig: { NetworkMode: "none", Mounts: [{ Type: "volume", Source: volume.name, Target: target }] },
    },
    {},
  );
  // With the anonymous volumes that the image declares; the named one stays.
  const remove = undo.push(
    `container ${id.slice(0, 12)}`,
    () => engine.removeContainer(id, { force: true, volumes: true }),
    { kind: "container", id, remove: true },
  );
  try {
    await engine.fillVolumes(id);
  } finally {
    await remove();
  }
}
