import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DockerConfig, dockerConfigFolder, type Environment } from "./docker-config.js";
import { canStartEmbedded, startEmbedded } from "./embedded/index.js";
import type { EngineInfo } from "./engine.js";
import { type EngineChoice, notOfThisHost } from "./engine-choice.js";
import { EngineError } from "./engine-error.js";

/** A place where an engine may listen. */
export interface EngineAddress {
  /** "DOCKER_HOST", "context work", "/var/run/docker.sock", "embedded" */
  readonly foundBy: string;
  readonly socketPath: string;
  /** The user named it, so nothing else is tried when it fails. */
  readonly isChosen: boolean;
  /** Started by this process, and its child: its pid. */
  readonly embeddedPid?: number;
}

/**
 * Answers undefined when it does not apply, and an EngineError when it does, in vain, and the next may be tried. Throws
 * EngineError for what is final: ENGINE_ELSEWHERE for an engine of another host, say.
 */
export type Strategy = (
  environment: Environment,
  readConfig: () => DockerConfig,
) => EngineAddress | EngineError | undefined | Promise<EngineAddress | EngineError>;

const dockerStrategies: readonly Strategy[] = [
  fromVariable("DOCKER_HOST"),
  fromDockerContext,
  fromSocket(() => "/var/run/docker.sock"),
  fromSocket((environment) => inRuntimeFolder(environment, "docker.sock")),
];

const startPodman: Strategy = (environment) =>
  canStartEmbedded(environment) ? embedded(environment, false).catch(inVain) : undefined;

const podmanStrategies: readonly Strategy[] = [
  fromVariable("CONTAINER_HOST"),
  fromSocket(() => "/run/podman/podman.sock"),
  fromSocket((environment) => inRuntimeFolder(environment, "podman/podman.sock")),
  startPodman,
];

/** In the order of trying, which is docker's own; then Podman's, and a Podman that is started when there is no other. */
export function strategiesFor(choice: EngineChoice): readonly Strategy[] {
  switch (choice.kind) {
    case "found":
      return [...dockerStrategies, ...podmanStrategies];
    case "docker":
      return dockerStrategies;
    case "podman":
      return [dockerHostOfPodman, ...podmanStrategies];
    case "embedded":
      return [(environment) => embedded(environment, true)];
    case "socket":
      return [() => ({ foundBy: "--engine", socketPath: choice.socketPath, isChosen: true })];
  }
}

/** Without starting one. */
export function runningStrategiesFor(choice: EngineChoice): readonly Strategy[] {
  if (choice.kind === "embedded") return [];
  return strategiesFor(choice).filter((strategy) => strategy !== startPodman);
}

/** What the engine must be for this choice, if anything: DOCKER_HOST may name the socket of either. */
export function wantedKind(choice: EngineChoice): EngineInfo["kind"] | undefined {
  return choice.kind === "docker" || choice.kind === "podman" ? choice.kind : undefined;
}

/** One of another host is Docker's, for all we know: it is not what `--engine podman` asks for. */
function dockerHostOfPodman(...args: Parameters<Strategy>): ReturnType<Strategy> {
  try {
    return fromVariable("DOCKER_HOST")(...args);
  } catch (error) {
    return inVain(error);
  }
}

function inVain(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  throw error;
}

async function embedded(environment: Environment, isChosen: boolean): Promise<EngineAddress> {
  const { socketPath, pid } = await startEmbedded(environment);
  return { foundBy: "embedded", socketPath, isChosen, embeddedPid: pid };
}

function fromVariable(name: "DOCKER_HOST" | "CONTAINER_HOST"): Strategy {
  return (environment) => {
    const host = environment[name];
    if (host === undefined || host === "") return undefined;
    return { foundBy: name, socketPath: socketPathOf(host, name), isChosen: true };
  };
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
  throw notOfThisHost(host, foundBy);
}

/** Every place that is looked at, for the message when all of them fail. */
export function describePlaces(environment: Environment, choice: EngineChoice): readonly string[] {
  const runtimeFolder = environment["XDG_RUNTIME_DIR"] || "$XDG_RUNTIME_DIR";
  const docker = ["DOCKER_HOST", "docker context", "/var/run/docker.sock", `${runtimeFolder}/docker.sock`];
  const podman = ["CONTAINER_HOST", "/run/podman/podman.sock", `${runtimeFolder}/podman/podman.sock`];
  if (choice.kind === "docker") return docker;
  if (choice.kind === "podman") return ["DOCKER_HOST", ...podman];
  return [...docker, ...podman];
}
