import { realpathSync, type Stats, statSync } from "node:fs";
import type { ContainerMount, Engine, MountBody } from "../../../runtime/engine/index.js";
import { runtimeFolder } from "../../journal/index.js";
import { makeFolders, messageOf, NmzError, type UndoStack } from "../../util/index.js";
import { hostPaths } from "../from-inside/host-paths.js";
import { volumesLabel } from "../labels.js";
import type { RunRequest, VolumeRequest } from "../run-request.js";
import { EngineVolumes } from "./engine-volumes.js";

/** A volume with its real place on this host. */
export interface ResolvedVolume {
  /** Absolute, symlinks resolved. */
  readonly source: string;
  /** The same as the engine sees it. */
  readonly hostSource: string;
  /** What the source is called in labels: the same in every run, which a mount made for one is not. */
  readonly origin: string;
  readonly target: string;
  readonly isReadOnly: boolean;
  /** "folder" and "file" can be served by FUSE; a socket or a device only works as itself. */
  readonly kind: "folder" | "file" | "special";
  /** Mount propagation ("rslave", …), if one was asked for. */
  readonly propagation: string | undefined;
}

export interface ResolveOptions {
  readonly engine: Engine;
  readonly request: RunRequest;
  /** False with `--nmz-disable fs`: volumes are left to the engine then. */
  readonly isShaken: boolean;
  readonly runId: string;
  readonly runFolder: string;
  readonly undo: UndoStack;
}

export interface ResolvedVolumes {
  readonly volumes: readonly ResolvedVolume[];
  /** What the engine mounts by itself. */
  readonly native: readonly MountBody[];
}

const propagations = new Set(["shared", "rshared", "slave", "rslave", "private", "rprivate"]);

/** Makes what docker would make (missing folders, named and anonymous volumes) and finds where everything lies. */
export async function resolveVolumes(options: ResolveOptions): Promise<ResolvedVolumes> {
  const { engine, request, isShaken } = options;
  const engineVolumes = new EngineVolumes(options);
  const volumes = new Map<string, ResolvedVolume>();
  const native = new Map<string, MountBody>();
  const take = async (volume: VolumeRequest): Promise<void> => {
    const { target } = volume;
    volumes.delete(target);
    native.delete(target);
    if (volume.type === "volume" && !isShaken) {
      native.set(target, nativeMount(volume));
      return;
    }
    const place = volume.type === "bind" ? bindPlace(volume) : await engineVolumes.folderOf(volume);
    volumes.set(target, describe(place, volume));
  };
  for (const volume of await volumesOfOthers(engine, request.volumesFrom)) await take(volume);
  for (const volume of request.volumes) await take(volume);
  return { volumes: [...volumes.values()], native: [...native.values()] };
}

function describe(
  { source, origin }: { readonly source: string; readonly origin?: string },
  { target, isReadOnly, options }: VolumeRequest,
): ResolvedVolume {
  const realSource = realpathSync(source);
  const hostSource = hostPaths().toHost(realSource);
  return {
    source: realSource,
    hostSource,
    origin: origin ?? hostSource,
    target,
    isReadOnly,
    kind: kindOf(statSync(source)),
    propagation: options.find((option) => propagations.has(option)),
  };
}

function kindOf(stats: Stats): ResolvedVolume["kind"] {
  if (stats.isDirectory()) return "folder";
  return stats.isFile() ? "file" : "special";
}

function nativeMount(volume: VolumeRequest): MountBody {
  const { source, target, isReadOnly, noCopy, labels, driver, driverOptions } = volume;
  return {
    Type: "volume",
    ...(source === undefined ? {} : { Source: source }),
    Target: target,
    ReadOnly: isReadOnly,
    VolumeOptions: {
      NoCopy: noCopy,
      Labels: { ...labels },
      ...(driver === undefined ? {} : { DriverConfig: { Name: driver, Options: { ...driverOptions } } }),
    },
  };
}

function bindPlace(volume: VolumeRequest): { readonly source: string; readonly origin?: string } {
  const source = bindSource(volume);
  if (volume.standIn === undefined) return { source };
  return { source: volume.standIn, origin: hostPaths().toHost(realpathSync(source)) };
}

function bindSource(volume: VolumeRequest): string {
  const source = volume.source ?? "";
  hostPaths().toHost(source); // before it is made where nobody else sees it
  try {
    if (statSync(source, { throwIfNoEntry: false }) !== undefined) return source;
    if (volume.createSource) {
      makeFolders(source, 0o755);
      return source;
    }
  } catch (error) {
    // docker's words
    throw new NmzError(
      "NMZ_VOLUME_SOURCE",
      `error while creating mount source path '${source}': ${messageOf(error)}`,
      { hint: "name a folder that is there, or one that can be made", cause: error },
    );
  }
  throw new NmzError("NMZ_VOLUME_SOURCE_MISSING", `bind source path does not exist: ${source}`, {
    hint: `make it first, or write -v ${source}:${volume.target}, which makes it`,
  });
}

/** `--volumes-from`: the mounts of another container, by the real folders where that one is nmzc's own. */
async function volumesOfOthers(engine: Engine, references: readonly string[]): Promise<VolumeRequest[]> {
  const volumes: VolumeRequest[] = [];
  for (const reference of references) {
    const [name = "", mode] = reference.split(":");
    const container = await engine.inspectContainer(name);
    const origins = readOrigins(container.labels[volumesLabel]);
    for (const mount of container.mounts) {
      if (mount.type === "tmpfs") continue;
      // An image may bring a label of that name: it is believed only of a mount that nmzc made.
      const origin = mount.source.startsWith(`${runtimeFolder}/`) ? origins.get(mount.target) : undefined;
      volumes.push(await volumeOfOther(engine, mount, origin, mode === "ro"));
    }
  }
  return volumes;
}

/** Target → real folder, as nmzc labels its containers; a label that somebody else has put there says nothing. */
export function readOrigins(label: string | undefined): ReadonlyMap<string, string> {
  try {
    const origins = Object.entries((JSON.parse(label ?? "{}") ?? {}) as object);
    return new Map(origins.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return new Map();
  }
}

// nmzc's own containers have a bind mount where a volume was asked for; the folder tells which volume that is.
const volumeFolder = /\/volumes\/([^/]+)\/_data$/;

async function volumeOfOther(
  engine: Engine,
  mount: ContainerMount,
  origin: string | undefined,
  isReadOnly: boolean,
): Promise<VolumeRequest> {
  const source = origin ?? mount.source;
  const name = mount.name ?? volumeFolder.exec(source)?.[1];
  const info = name === undefined ? undefined : await engine.inspectVolume(name);
  const isVolume = info !== undefined && (mount.type === "volume" || info.mountpoint === source);
  return {
    type: isVolume ? "volume" : "bind",
    source: isVolume ? info.name : hostPaths().toOwn(source),
    target: mount.target,
    isReadOnly: isReadOnly || mount.isReadOnly,
    createSource: false,
    noCopy: true,
    options: [],
    driver: undefined,
    driverOptions: {},
    labels: {},
  };
}
