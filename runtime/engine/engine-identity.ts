import { existsSync } from "node:fs";
import type Docker from "dockerode";
import type { EngineConnection } from "./connection.js";
import type { EngineInfo } from "./engine.js";
import type { EngineAddress } from "./engine-address.js";
import { isRootPodmanHere } from "./podman-here.js";

/** What an engine says of itself. */
export interface EngineIdentity {
  readonly version: VersionAnswer;
  readonly info: InfoAnswer;
}

interface VersionAnswer {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Components?: readonly { readonly Name: string; readonly Version: string }[];
}

interface InfoAnswer {
  readonly KernelVersion?: string;
  readonly DockerRootDir?: string;
  readonly CgroupVersion?: string;
  readonly CgroupDriver?: string;
  readonly SecurityOptions?: readonly string[] | null;
  readonly Labels?: readonly string[] | null;
}

/**
 * Podman's `/version` and `/info` start a program for each line that they print (crun, conmon, dpkg), which takes some
 * tenths of a second each; the headers of its `/_ping` say what is needed of the first, and the kernel, of a Podman that is
 * root's on this host, what is needed of the second. `asksEverything` is for who shows the answers.
 */
export async function askIdentity(
  connection: EngineConnection,
  address: EngineAddress,
  { what, asksEverything }: { readonly what: string; readonly asksEverything: boolean },
): Promise<EngineIdentity> {
  const { headers } = await connection.get({ what, path: "/_ping", statusCodes: [200, 404] });
  const podman = headers["libpod-api-version"];
  const askInfo = (): Promise<InfoAnswer> =>
    connection.call(what, (docker: Docker) => docker.info() as Promise<InfoAnswer>);
  if (typeof podman !== "string") {
    const [version, info] = await Promise.all([
      connection.call(what, (docker) => docker.version() as Promise<VersionAnswer>),
      askInfo(),
    ]);
    return { version, info };
  }
  const version: VersionAnswer = {
    Version: podman,
    ApiVersion: String(headers["api-version"] ?? "1.41"),
    MinAPIVersion: "1.24",
    Components: [{ Name: "Podman Engine", Version: podman }],
  };
  const isKnown =
    !asksEverything && (address.embeddedPid !== undefined || isRootPodmanHere(address.socketPath));
  return { version, info: isKnown ? infoOfOurs() : await askInfo() };
}

/** Of a Podman of root on this host. */
function infoOfOurs(): InfoAnswer {
  return {
    CgroupVersion: existsSync("/sys/fs/cgroup/cgroup.controllers") ? "2" : "1",
    CgroupDriver: existsSync("/run/systemd/system") ? "systemd" : "cgroupfs",
  };
}

export function engineInfoOf(address: EngineAddress, { version, info }: EngineIdentity): EngineInfo {
  const isPodman = version.Components?.some((component) => component.Name.startsWith("Podman")) ?? false;
  const driver = info.CgroupDriver;
  return {
    kind: isPodman ? "podman" : "docker",
    name: `${isPodman ? "Podman" : "Docker Engine"} ${version.Version}`,
    apiVersion: version.ApiVersion,
    foundBy: address.foundBy,
    socketPath: address.socketPath,
    address: address.embeddedPid === undefined ? `unix://${address.socketPath}` : "embedded",
    isChosen: address.isChosen,
    embeddedPid: address.embeddedPid,
    cgroupVersion: info.CgroupVersion === "2" ? 2 : 1,
    cgroupDriver: driver === "systemd" || driver === "cgroupfs" ? driver : "none",
    rootDir: info.DockerRootDir ?? "",
    isRootless: info.SecurityOptions?.some((option) => option.includes("rootless")) ?? false,
    labels: info.Labels ?? [],
  };
}
