import type { ContainerBody, MountBody, OwnContainer, OwnMount } from "../../../runtime/engine/index.js";
import type { Capability } from "../../../runtime/kernel/index.js";

/** Where nmzc keeps what is alive while runs are; the same path on the host and in the container. */
export const runFolder = "/run/nmzc";
export const cgroupFolder = "/sys/fs/cgroup";

/** All that a run needs, with what for; found by leaving out one after the other. docs/image.md has the same table. */
export const neededCapabilities = {
  CHOWN: "files are created as the caller",
  DAC_OVERRIDE: "files of other users",
  FOWNER: "modes and times of other users' files",
  FSETID: "setuid bits of other users' files",
  KILL: "stopping the first process of a workload that is not root",
  MKNOD: "device nodes that the workload makes",
  NET_ADMIN: "packet queues, and births of threads",
  NET_RAW: "packets that a fault makes",
  SETGID: "files are created as the caller",
  SETUID: "files are created as the caller",
  SYS_ADMIN: "entering namespaces, and mounting",
  SYS_CHROOT: "mounting where the engine sees it",
  SYS_NICE: "scheduling of other users' threads",
  SYS_PTRACE: "namespaces of the engine and of the workload",
} as const satisfies Partial<Record<Capability, string>>;

/** In the sibling's environment: the container that the user started. */
export const outerVariable = "NMZC_OUTER";
export const outerLabel = "nmzc.outer";

export interface SiblingOptions {
  readonly own: OwnContainer;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly socketPath: string;
  /** Where the engine keeps volumes, on the host; undefined: they are not offered. */
  readonly volumesFolder: string | undefined;
}

/** Where Podman keeps volumes: it has no word for it, but a volume of ours (the image declares one) lies there. */
export function folderOfVolumes(mounts: readonly OwnMount[]): string | undefined {
  for (const { source, volume } of mounts) {
    const end = `/${volume}/_data`;
    if (volume !== undefined && source.endsWith(end)) return source.slice(0, -end.length);
  }
  return undefined;
}

/** The container that has what ours has, and all that a run needs of the host besides. */
export function siblingBody(options: SiblingOptions): ContainerBody {
  const { own, command, environment, workingFolder, volumesFolder } = options;
  const env = Object.entries({ ...environment, [outerVariable]: own.id });
  const given = own.mounts
    .filter(
      ({ target }) => target !== runFolder && target !== cgroupFolder && target !== "/var/lib/containers",
    )
    .map(sameMount);
  const hasVolumes = own.mounts.some(({ source }) => source === volumesFolder);
  return {
    Image: own.imageId,
    Entrypoint: [command[0]],
    Cmd: command.slice(1),
    Env: env.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
    WorkingDir: workingFolder,
    User: own.user,
    Labels: { [outerLabel]: own.id },
    Healthcheck: { Test: ["NONE"] },
    Tty: own.hasTty,
    OpenStdin: own.hasStdin,
    StdinOnce: own.hasStdin,
    AttachStdin: own.hasStdin,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      AutoRemove: true,
      PidMode: "host",
      NetworkMode: "host",
      CgroupnsMode: "host",
      ...(own.sharesUsers ? { UsernsMode: "host" } : {}),
      ...(own.cgroupParent === undefined ? {} : { CgroupParent: own.cgroupParent }),
      CapDrop: ["ALL"],
      CapAdd: Object.keys(neededCapabilities),
      SecurityOpt: ["apparmor=unconfined", "label=disable"],
      Devices: [{ PathOnHost: "/dev/fuse", PathInContainer: "/dev/fuse", CgroupPermissions: "rwm" }],
      // One that the host does not have yet is made, which only this list does.
      Binds: [
        `${runFolder}:${runFolder}`,
        `${cgroupFolder}:${cgroupFolder}`,
        ...(volumesFolder === undefined || hasVolumes ? [] : [`${volumesFolder}:${volumesFolder}`]),
      ],
      Mounts: given,
    },
  };
}

/** In words that leave a colon in a path what it is. */
function sameMount({ source, target, volume, isReadOnly }: OwnMount): MountBody {
  if (volume !== undefined) return { Type: "volume", Source: volume, Target: target, ReadOnly: isReadOnly };
  if (source === "") return { Type: "tmpfs", Target: target, ...(isReadOnly ? { ReadOnly: true } : {}) };
  return { Type: "bind", Source: source, Target: target, ReadOnly: isReadOnly };
}
