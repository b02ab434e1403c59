import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MountBody } from "../../../runtime/engine/index.js";
import type { Autopilot } from "../../config/index.js";
import { type FilesystemInspector, startFsInspector } from "../../inspector/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import type { UndoStack } from "../../util/index.js";
import type { ResolvedVolume } from "./resolve-volumes.js";
import { volumeEntity } from "./volume-entity.js";

export interface MountedVolumes {
  /** For the container's HostConfig. */
  readonly mounts: readonly MountBody[];
  readonly inspectors: readonly FilesystemInspector[];
  /** What is not as it was asked for, for people. */
  readonly warnings: readonly string[];
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

interface MountedVolume {
  readonly mount: MountBody;
  readonly inspector: FilesystemInspector | undefined;
}

/**
 * Puts a FUSE mount in front of each volume; the container then binds that instead of the real folder. All at once,
 * because most of it is waiting for a thread to come up; when one fails the others are waited for, so that whatever
 * was mounted is on the undo stack by then.
 */
export async function mountVolumes(options: MountVolumesOptions): Promise<MountedVolumes> {
  const results = await Promise.allSettled(
    options.volumes.map((volume, index) => mountVolume(options, volume, index)),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  const mounted = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  return {
    mounts: mounted.map(({ mount }) => mount),
    inspectors: mounted.flatMap(({ inspector }) => inspector ?? []),
    warnings: options.isShaken ? options.volumes.flatMap(warningsOf) : [],
  };
}

async function mountVolume(
  options: MountVolumesOptions,
  volume: ResolvedVolume,
  index: number,
): Promise<MountedVolume> {
  if (!options.isShaken || volume.kind === "special") {
    return { mount: bindOf(volume, volume.hostSource), inspector: undefined };
  }
  const mountPoint = createMountPoint(options.runFolder, index, volume.kind);
  const inspector = await startFsInspector({
    source: volume.source,
    mountPoint,
    isReadOnly: volume.isReadOnly,
    hooks: options.fs.hooks,
    readsDirectly: options.fs.directReads,
    canCrash: options.fs.crash,
    driver: options.fs.driver,
    entity: volumeEntity(volume.target),
    transceiver: options.transceiver,
    undo: options.undo,
    onError: options.onError,
  });
  return { mount: bindOf(volume, mountPoint), inspector };
}

function createMountPoint(runFolder: string, index: number, kind: "folder" | "file"): string {
  const path = join(runFolder, `volume-${index}`);
  if (kind === "folder") mkdirSync(path, { mode: 0o700 });
  else writeFileSync(path, "", { mode: 0o600 });
  return path;
}

function warningsOf({ target, kind, propagation }: ResolvedVolume): string[] {
  if (kind === "special") return [`${target} is a socket or a device: given to the workload as it is`];
  // A FUSE mount is no peer of the real folder's mount; "private" and "rprivate" need none.
  if (propagation === undefined || propagation.endsWith("private")) return [];
  return [`${target}: what is mounted in it later is not passed on (${propagation}): the volume is shaken`];
}

function bindOf(volume: ResolvedVolume, source: string): MountBody {
  const isShaken = source !== volume.hostSource;
  return {
    Type: "bind",
    Source: source,
    Target: volume.target,
    ...(volume.isReadOnly ? { ReadOnly: true } : {}),
    ...(volume.propagation === undefined || isShaken
      ? {}
      : { BindOptions: { Propagation: volume.propagation } }),
  };
}
