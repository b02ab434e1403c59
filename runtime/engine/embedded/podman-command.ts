import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Environment } from "../docker-config.js";

/** A program of the user's PATH; undefined when it is in none of its folders. */
export function findProgram(name: string, environment: Environment): string | undefined {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * The words that start the service. `setpriv` has the kernel end it when the process that started it ends, kill -9
 * included; without it (only Debian's and Fedora's util-linux have it) the child outlives a kill -9.
 */
export function podmanCommand(
  podman: string,
  socketPath: string,
  environment: Environment,
): readonly [string, ...string[]] {
  const setpriv = findProgram("setpriv", environment);
  const words = [
    podman,
    ...globalOptions(environment),
    "system",
    "service",
    "--time=0",
    `unix://${socketPath}`,
  ];
  return setpriv === undefined ? [words[0]!, ...words.slice(1)] : [setpriv, "--pdeathsig", "TERM", ...words];
}

/**
 * What Podman would not find out by itself. crun refuses a machine of cgroup v1 where the unified hierarchy has
 * controllers too ("cgroups in hybrid mode not supported"), and runc does not; without systemd nobody answers Podman's
 * default cgroup manager.
 */
function globalOptions(environment: Environment): readonly string[] {
  const runc = isHybrid() ? findProgram("runc", environment) : undefined;
  return [
    ...(runc === undefined ? [] : ["--runtime", runc]),
    ...(existsSync("/run/systemd/system") ? [] : ["--cgroup-manager", "cgroupfs"]),
  ];
}

function isHybrid(): boolean {
  try {
    return readFileSync("/sys/fs/cgroup/unified/cgroup.controllers", "utf8").trim() !== "";
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
