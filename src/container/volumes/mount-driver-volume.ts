import { lookup } from "node:dns/promises";
import { mkdirSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import type { VolumeInfo } from "../../../runtime/engine/index.js";
import { isMounted, mount, mountFlag, parseMountOptions, unmount } from "../../../runtime/kernel/index.js";
import { messageOf, NmzError, type UndoStack } from "../../util/index.js";

/**
 * A volume made with `-o type=…,device=…,o=…` is an empty folder until a container uses it: the engine mounts what the
 * options name when that container starts, and our containers have a FUSE folder instead. So the run mounts it for
 * itself, by moby's rules (volume/local/local_unix.go); what another container has mounted already is shared.
 */
export async function mountDriverVolume(
  info: VolumeInfo,
  runFolder: string,
  index: number,
  undo: UndoStack,
): Promise<string> {
  const path = join(runFolder, `driver-volume-${index}`);
  const { type = "", device = "", o = "" } = info.options;
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

/** The kernel's NFS and CIFS take numbers only; the engine looks the name up for them. */
async function withAddress(type: string, options: string): Promise<string> {
  const host = /(?:^|,)addr=([^,]+)/.exec(options)?.[1];
  if (host === undefined || !/^(nfs|cifs)/.test(type) || isIP(host) !== 0) return options;
  const { address } = await lookup(host);
  return options.replace(`addr=${host}`, `addr=${address}`);
}
