import { lookup } from "node:dns/promises";
import { mkdirSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import type { VolumeInfo } from "../../../runtime/engine/index.js";
import {
  isMounted,
  mount,
  mountFlag,
  mountPlace,
  parseMountOptions,
  unmount,
} from "../../../runtime/kernel/index.js";
import { messageOf, NmzError, type UndoStack } from "../../util/index.js";
import { hostPaths } from "../from-inside/host-paths.js";

/**
 * A volume made with `-o type=…,device=…,o=…` is an empty folder until a container uses it: the engine mounts what the
 * options name when that container starts, and our containers have a FUSE folder instead. So the run mounts it for
 * itself, by moby's rules (volume/local/local_unix.go); what another container has mounted already is shared.
 * In this process's own mount namespace, which the files are read in, whatever namespace the engine sees. Throws
 * NMZ_IMAGE_PATH for a folder of the host that nmzc's container lacks, NMZ_VOLUME_MOUNT.
 */
export async function mountDriverVolume(
  info: VolumeInfo,
  runFolder: string,
  index: number,
  undo: UndoStack,
): Promise<string> {
  const path = join(runFolder, `driver-volume-${index}`);
  const { type = "", o = "" } = info.options;
  const device = deviceHere(info);
  refuseMountOutOfSight(info);
  mkdirSync(path, { mode: 0o700 });
  undo.push(`mount ${path}`, () => void unmount(path, "detach"), { kind: "mount", path });
  try {
    if (isMounted(info.mountpoint)) {
      const flags = mountFlag.bind | mountFlag.recursive;
      mount({ source: info.mountpoint, target: path, type: "none", flags, data: "" });
    } else {
      const { flags, data } = parseMountOptions(await withAddress(type, o));
      mount({ source: device, target: path, type, flags, data });
      // The kernel ignores the other flags of a bind mount when it is made.
      if ((flags & mountFlag.bind) !== 0 && (flags & ~(mountFlag.bind | mountFlag.recursive)) !== 0)
        mount({ source: device, target: path, type, flags: flags | mountFlag.remount, data });
    }
  } catch (error) {
    throw new NmzError(
      "NMZ_VOLUME_MOUNT",
      `volume "${info.name}": failed to mount ${device} (type "${type}", options "${o}"): ${messageOf(error)}`,
      { hint: `see what \`docker volume inspect ${info.name}\` says of its options`, cause: error },
    );
  }
  return path;
}

/** The folder of a bind is the host's, which in nmzc's own container has another path, or none. */
function deviceHere({ options: { device = "", o = "" } }: VolumeInfo): string {
  const paths = hostPaths();
  if (!isBind(o) || !paths.isInContainer) return device;
  const here = paths.toOwn(device);
  paths.toHost(here); // a symbolic link may lead out of what is shared
  return here;
}

function isBind(options: string): boolean {
  return (parseMountOptions(options).flags & mountFlag.bind) !== 0;
}

/** What a container has mounted since our own one started is in the engine's mount namespace only; a bind is had twice. */
function refuseMountOutOfSight({ name, mountpoint, options: { device = "", o = "" } }: VolumeInfo): void {
  const paths = hostPaths();
  if (!paths.isInContainer || isBind(o) || isMounted(mountpoint)) return;
  if (mountPlace().mountAt(paths.toHost(mountpoint)) === undefined) return;
  throw new NmzError(
    "NMZ_VOLUME_MOUNT",
    `volume "${name}": another container has ${device} mounted, where nmzc's own container does not see it`,
    { hint: "run nmzc again while that container runs, or with --nmz-disable fs" },
  );
}

/** The kernel's NFS and CIFS take numbers only; the engine looks the name up for them. */
async function withAddress(type: string, options: string): Promise<string> {
  const host = /(?:^|,)addr=([^,]+)/.exec(options)?.[1];
  if (host === undefined || !/^(nfs|cifs)/.test(type) || isIP(host) !== 0) return options;
  const { address } = await lookup(host);
  return options.replace(`addr=${host}`, `addr=${address}`);
}
