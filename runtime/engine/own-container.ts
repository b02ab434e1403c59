import { readFileSync, realpathSync } from "node:fs";
import type { ContainerInspectInfo } from "dockerode";
import { EngineConnection } from "./connection.js";
import type { EngineInfo } from "./engine.js";
import { EngineError } from "./engine-error.js";

/** A folder or file of the host in our container. */
export interface OwnMount {
  /** Its path on the host; "" for a tmpfs. */
  readonly source: string;
  /** Its path here, without symbolic links. */
  readonly target: string;
  /** Undefined for a bind; a volume's name otherwise. */
  readonly volume: string | undefined;
  readonly isReadOnly: boolean;
}

/** The container that this process runs in, as its engine tells. */
export interface OwnContainer {
  readonly id: string;
  /** "sha256:…" */
  readonly imageId: string;
  readonly user: string;
  readonly hasTty: boolean;
  readonly hasStdin: boolean;
  /** Pids and packets are the host's. */
  readonly sharesPids: boolean;
  readonly sharesNetwork: boolean;
  /** It was given `--userns host`, which an engine that maps users needs for all of the above. */
  readonly sharesUsers: boolean;
  /** Control groups have the host's paths here. */
  readonly sharesCgroups: boolean;
  readonly cgroupParent: string | undefined;
  readonly mounts: readonly OwnMount[];
}

/**
 * Looks for the container that this process runs in. A host's name may be anything; what says it is the control group,
 * where it is shown, and where the engine keeps the files that it puts over /etc/hostname, /etc/hosts and
 * /etc/resolv.conf. With `--network container:X` those are X's, so only a container of the image counts.
 * Undefined when this engine knows no such container: it is another's.
 */
export async function findOwnContainer({
  socketPath,
}: Pick<EngineInfo, "socketPath">): Promise<OwnContainer | undefined> {
  const connection = new EngineConnection(socketPath);
  const cgroup = read("/proc/self/cgroup");
  for (const id of ownContainerIds(read("/proc/self/mountinfo"), cgroup)) {
    try {
      const inspected = await connection.call(`inspect container ${id}`, (docker) =>
        docker.getContainer(id).inspect(),
      );
      if (inspected.Config.Env?.includes("NMZC_IN_IMAGE=1")) return ownContainerOf(inspected, cgroup);
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 404) throw error;
    }
  }
  return undefined;
}

/** Ids of containers that this process may be in, the likeliest first. */
export function ownContainerIds(mountinfo: string, cgroup: string): string[] {
  const ids = new Set<string>();
  for (const line of cgroup.split("\n")) {
    // A container's group may lie in another container's.
    for (const [id] of [...line.matchAll(/[0-9a-f]{64}/g)].toReversed()) ids.add(id);
  }
  for (const line of mountinfo.split("\n")) {
    const [, , , root = "", target = ""] = line.split(" ");
    if (!/^\/etc\/(hostname|hosts|resolv\.conf)$/.test(target) && target !== "/run/.containerenv") continue;
    for (const [id] of root.matchAll(/[0-9a-f]{64}/g)) ids.add(id);
  }
  return [...ids];
}

export function ownContainerOf(
  { Id, Image, Config, HostConfig, Mounts }: ContainerInspectInfo,
  cgroup: string,
): OwnContainer {
  const mounts = (Mounts ?? []).map((mount) => ({
    source: (mount.Type as string | undefined) === "tmpfs" ? "" : (mount.Source ?? ""),
    target: real(mount.Destination),
    volume: mount.Name || undefined,
    isReadOnly: !mount.RW,
  }));
  return {
    id: Id,
    imageId: Image,
    user: Config.User ?? "",
    hasTty: Config.Tty ?? false,
    hasStdin: Config.OpenStdin ?? false,
    sharesPids: HostConfig.PidMode === "host",
    sharesUsers: HostConfig.UsernsMode === "host",
    sharesNetwork: HostConfig.NetworkMode === "host",
    // Podman does not say it in these words; a namespace of one's own begins at one's own group.
    sharesCgroups:
      (HostConfig as { CgroupnsMode?: string }).CgroupnsMode === "host" || !/^0::\/$/m.test(cgroup),
    cgroupParent: HostConfig.CgroupParent || undefined,
    mounts,
  };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
