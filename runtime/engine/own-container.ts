import { readFileSync, realpathSync } from "node:fs";
import type { ContainerInspectInfo } from "dockerode";
import { EngineConnection } from "./connection.js";
import type { EngineInfo } from "./engine.js";
import { EngineError } from "./engine-error.js";

/** A folder or file of the host in our container. */
export interface OwnMount {
  /** Its path on the host. */
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
  readonly cgroupParent: string | undefined;
  readonly mounts: readonly OwnMount[];
}

/**
 * Looks for the container that this process runs in. A host's name may be anything; what says it is where the engine keeps
 * the files that it puts over /etc/hostname, /etc/hosts and /etc/resolv.conf, and the control group where it is shown.
 * Undefined when this engine knows no such container: it is another's.
 */
export async function findOwnContainer({
  socketPath,
}: Pick<EngineInfo, "socketPath">): Promise<OwnContainer | undefined> {
  const connection = new EngineConnection(socketPath);
  for (const id of ownContainerIds(read("/proc/self/mountinfo"), read("/proc/self/cgroup"))) {
    try {
      const inspected = await connection.call(`inspect container ${id}`, (docker) =>
        docker.getContainer(id).inspect(),
      );
      return ownContainerOf(inspected);
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 404) throw error;
    }
  }
  return undefined;
}

/** Ids of containers that this process may be in, the likeliest first. */
export function ownContainerIds(mountinfo: string, cgroup: string): string[] {
  const ids = new Set<string>();
  for (const line of mountinfo.split("\n")) {
    const [, , , root = "", target = ""] = line.split(" ");
    if (!/^\/etc\/(hostname|hosts|resolv\.conf)$/.test(target) && target !== "/run/.containerenv") continue;
    for (const [id] of root.matchAll(/[0-9a-f]{64}/g)) ids.add(id);
  }
  for (const [id] of cgroup.matchAll(/[0-9a-f]{64}/g)) ids.add(id);
  return [...ids];
}

function ownContainerOf({ Id, Image, Config, HostConfig, Mounts }: ContainerInspectInfo): OwnContainer {
  const mounts = (Mounts ?? []).map((mount) => ({
    source: mount.Source,
    target: real(mount.Destination),
    volume: mount.Name,
    isReadOnly: !mount.RW,
  }));
  return {
    id: Id,
    imageId: Image,
    user: Config.User ?? "",
    hasTty: Config.Tty ?? false,
    hasStdin: Config.OpenStdin ?? false,
    sharesPids: HostConfig.PidMode === "host",
    sharesNetwork: HostConfig.NetworkMode === "host",
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
