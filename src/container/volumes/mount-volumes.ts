import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MountBody } from "../../../runtime/engine/index.js";
import type { Autopilot } from "../../config/index.js";
import { type Inspector, startFsInspector } from "../../inspector/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import type { UndoStack } from "../../util/index.js";
import type { ResolvedVolume } from "./resolve-volumes.js";

export interface MountedVolumes {
  /** For the container's HostConfig. */
  readonly mounts: readonly MountBody[];
  readonly inspectors: readonly Inspector[];
  /** Targets that are given as they are, because FUSE cannot stand in for a socket or a device. */
  readonly unshaken: readonly string[];
}

export interface MountVolumesOptions {
  readonly volumes: readonly ResolvedVolume[];
  readonly isShaken: boolean;
  readonly fs: Autopilot["fs"];
  readonly runFolder: string;
  readonly transceiver: Transceiver;
  readonly undo: UndoStack;
  readonly onError: (error: unknown) => void;
}

/** Puts a FUSE mount in front of each volume; the container then binds that instead of the real folder. */
export async function mountVolumes(options: MountVolumesOptions): Promise<MountedVolumes> {
  const inspectors: Inspector[] = [];
  const mounts: MountBody[] = [];
  const unshaken: string[] = [];
  for (const [index, volume] of options.volumes.entries()) {
    let source = volume.source;
    if (options.isShaken && volume.kind !== "special") {
      source = createMountPoint(options.runFolder, index, volume.kind);
      inspectors.push(
        await startFsInspector({
          source: volume.source,
          mountPoint: source,
          isReadOnly: volume.isReadOnly,
          hooks: options.fs.hooks,
          driver: options.fs.driver,
          entity: `_namazu_container_fs_inspector_${volume.source}`,
          transceiver: options.transceiver,
          undo: options.undo,
          onError: options.onError,
        }),
      );
    } else if (options.isShaken) {
      unshaken.push(volume.target);
    }
    mounts.push(bindOf(volume, source));
  }
  return { mounts, inspectors, unshaken };
}

function createMountPoint(runFolder: string, index: number, kind: "folder" | "file"): string {
  const path = join(runFolder, `volume-${index}`);
  if (kind === "folder") mkdirSync(path, { mode: 0o700 });
  else writeFileSync(path, "", { mode: 0o600 });
  return path;
}

function bindOf(volume: ResolvedVolume, source: string): MountBody {
  return {
    Type: "bind",
    Source: source,
    Target: volume.target,
    ...(volume.isReadOnly ? { ReadOnly: true } : {}),
    ...(volume.propagation === undefined ? {} : { BindOptions: { Propagation: volume.propagation } }),
  };
}
