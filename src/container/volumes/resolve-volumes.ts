import { mkdirSync, realpathSync, type Stats, statSync } from "node:fs";
import type { Engine } from "../../../runtime/engine/index.js";
import { NmzError, type UndoStack } from "../../util/index.js";
import { anonymousVolumeLabel, volumesLabel } from "../labels.js";
import type { RunRequest, VolumeRequest } from "../run-request.js";
import { populateVolume } from "./populate-volume.js";

/** A volume with its real place on this host. */
export interface ResolvedVolume {
  /** Absolute, symlinks resolved. */
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  /** "folder" and "file" can be served by FUSE; a socket or a device only works as itself. */
  readonly kind: "folder" | "file" | "special";
  /** Mount propagation ("rslave", …), if one was asked for. */
  readonly propagation: string | undefined;
}

const propagations = new Set(["shared", "rshared", "slave", "rslave", "private", "rprivate"]);

/** Makes what docker would make (missing folders, named and anonymous volumes) and finds where everything lies. */
export async function resolveVolumes(
  engine: Engine,
  request: RunRequest,
  undo: UndoStack,
): Promise<ResolvedVolume[]> {
  const resolved = new Map<string, ResolvedVolume>();
  for (const volume of await volumesOfOthers(engine, request.volumesFrom))
    resolved.set(volume.target, volume);
  for (const volume of request.volumes) {
    const source =
      volume.type === "bind" ? bindSource(volume) : await volumeSource(engine, request, volume, undo);
    resolved.set(volume.target, describe(source, volume.target, volume.isReadOnly, volume.options));
  }
  return [...resolved.values()];
}

function describe(
  source: string,
  target: string,
  isReadOnly: boolean,
  options: readonly string[],
): ResolvedVolume {
  const stats = statSync(source);
  return {
    source: realpathSync(source),
    target,
    isReadOnly,
    kind: kindOf(stats),
    propagation: options.find((option) => propagations.has(option)),
  };
}

function kindOf(stats: Stats): ResolvedVolume["kind"] {
  if (stats.isDirectory()) return "folder";
  return stats.isFile() ? "file" : "special";
}

function bindSource(volume: VolumeRequest): string {
  const source = volume.source ?? "";
  if (statSync(source, { throwIfNoEntry: false }) !== undefined) return source;
  if (!volume.createSource) {
    throw new NmzError("NMZ_VOLUME_SOURCE_MISSING", `bind source path does not exist: ${source}`, {
      hint: `make it first, or write -v ${source}:${volume.target}, which makes it`,
    });
  }
  mkdirSync(source, { recursive: true, mode: 0o755 });
  return source;
}

async function volumeSource(
  engine: Engine,
  request: RunRequest,
  volume: VolumeRequest,
  undo: UndoStack,
): Promise<string> {
  const isAnonymous = volume.source === undefined;
  const existing = isAnonymous ? undefined : await engine.inspectVolume(volume.source!);
  const labels = isAnonymous ? { ...volume.labels, [anonymousVolumeLabel]: "true" } : volume.labels;
  const info =
    existing ?? (await engine.createVolume(volume.source, volume.driver, volume.driverOptions, labels));
  if (isAnonymous && request.removeAtEnd) {
    undo.push(`volume ${info.name}`, () => engine.removeVolume(info.name), {
      kind: "volume",
      name: info.name,
    });
  }
  if (info.mountpoint === "" || statSync(info.mountpoint, { throwIfNoEntry: false }) === undefined) {
    throw new NmzError(
      "NMZ_VOLUME_NO_FOLDER",
      `volume "${info.name}" (driver "${info.driver}") has no folder on this host that could be shaken`,
      { hint: "use a volume of the driver local, a bind mount, or --nmz-disable fs" },
    );
  }
  if (!volume.noCopy) await populateVolume(engine, request.body.Image, info, volume.target);
  return info.mountpoint;
}

/** `--volumes-from`: the mounts of another container, by the real folders where that one is nmzc's own. */
async function volumesOfOthers(engine: Engine, references: readonly string[]): Promise<ResolvedVolume[]> {
  const volumes: ResolvedVolume[] = [];
  for (const reference of references) {
    const [name = "", mode] = reference.split(":");
    const container = await engine.inspectContainer(name);
    const realSources = JSON.parse(container.labels[volumesLabel] ?? "{}") as Record<string, string>;
    for (const mount of container.mounts) {
      if (mount.type === "tmpfs") continue;
      const isReadOnly = mode === "ro" || mount.isReadOnly;
      volumes.push(describe(realSources[mount.target] ?? mount.source, mount.target, isReadOnly, []));
    }
  }
  return volumes;
}
