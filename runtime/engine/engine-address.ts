import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DockerConfig, dockerConfigFolder, type Environment } from "./docker-config.js";
import { EngineError } from "./engine-error.js";

/** A place where an engine may listen. */
export interface EngineAddress {
  /** "DOCKER_HOST", "context work", "/var/run/docker.sock" */
  readonly foundBy: string;
  readonly socketPath: string;
  /** The user named it, so nothing else is tried when it fails. */
  readonly isChosen: boolean;
}

/** Answers undefined when it does not apply. Throws EngineError ENGINE_ELSEWHERE for an engine of another host. */
export type Strategy = (
  environment: Environment,
  readConfig: () => DockerConfig,
) => EngineAddress | undefined;

/** In the order of trying, which is docker's own; Podman's sockets come last. */
export const strategies: readonly Strategy[] = [
  fromDockerHost,
  fromDockerContext,
  fromSocket(() => "/var/run/docker.sock"),
  fromSocket((environment) => inRuntimeFolder(environment, "docker.sock")),
  fromSocket(() => "/run/podman/podman.sock"),
  fromSocket((environment) => inRuntimeFolder(environment, "podman/podman.sock")),
];

function fromDockerHost(environment: Environment): EngineAddress | undefined {
  const host = environment["DOCKER_HOST"];
  if (host === undefined || host === "") return undefined;
  return { foundBy: "DOCKER_HOST", socketPath: socketPathOf(host, "DOCKER_HOST"), isChosen: true };
}

/** `docker context use`: the endpoint is in a folder named after the context's SHA-256. "default" has none. */
function fromDockerContext(
  environment: Environment,
  readConfig: () => DockerConfig,
): EngineAddress | undefined {
  const name = environment["DOCKER_CONTEXT"] || readConfig().currentContext;
  if (name === undefined || name === "" || name === "default") return undefined;
  const folder = createHash("sha256").update(name).digest("hex");
  const path = join(dockerConfigFolder(environment), "contexts", "meta", folder, "meta.json");
  const foundBy = `context ${name}`;
  let host: unknown;
  try {
    const meta = JSON.parse(readFileSync(path, "utf8")) as { Endpoints?: { docker?: { Host?: unknown } } };
    host = meta.Endpoints?.docker?.Host;
  } catch (error) {
    throw new EngineError(`docker context "${name}" cannot be read: ${(error as Error).message}`, {
      code: "ENGINE_NOT_FOUND",
      hint: "choose another: docker context use default",
      cause: error,
    });
  }
  if (host === undefined || host === "") return undefined;
  return { foundBy, socketPath: socketPathOf(String(host), foundBy), isChosen: true };
}

function fromSocket(pathOf: (environment: Environment) => string | undefined): Strategy {
  return (environment) => {
    const socketPath = pathOf(environment);
    if (socketPath === undefined || !existsSync(socketPath)) return undefined;
    return { foundBy: socketPath, socketPath, isChosen: false };
  };
}

function inRuntimeFolder(environment: Environment, name: string): string | undefined {
  const folder = environment["XDG_RUNTIME_DIR"];
  return folder === undefined || folder === "" ? undefined : join(folder, name);
}

function socketPathOf(host: string, foundBy: string): string {
  if (host.startsWith("unix://")) return host.slice("unix://".length);
  throw new EngineError(`${foundBy} names an engine at ${host}, which is not a socket of this host`, {
    code: "ENGINE_ELSEWHERE",
    hint: "nmzc enters the namespaces and mounts of its containers and can do that on this host only: run nmzc there, or unset it",
  });
}

/** Every place that is looked at, for the message when all of them fail. */
export function describePlaces(environment: Environment): readonly string[] {
  const runtimeFolder = environment["XDG_RUNTIME_DIR"] || "$XDG_RUNTIME_DIR";
  return [
    "DOCKER_HOST",
    "docker context",
    "/var/run/docker.sock",
    `${runtimeFolder}/docker.sock`,
    "/run/podman/podman.sock",
    `${runtimeFolder}/podman/podman.sock`,
  ];
}
