import { existsSync } from "node:fs";
import { release } from "node:os";
import { EngineConnection } from "./connection.js";
import { type Environment, readDockerConfig } from "./docker-config.js";
import { DockerEngine } from "./docker-engine.js";
import type { Engine, EngineInfo } from "./engine.js";
import { describePlaces, type EngineAddress, type Strategy, strategies } from "./engine-address.js";
import { EngineError } from "./engine-error.js";

/** The API this client was written against (Docker 20.10); an engine that no longer speaks it is met at its oldest. */
const writtenForApi = "1.41";

const hintNotFound =
  "start the engine (systemctl start docker), or install one (apt install docker.io), or set DOCKER_HOST=unix://…";

/**
 * The container engine of this host. Strategies are tried in order; one that the user chose (DOCKER_HOST, a docker
 * context) is final. Throws EngineError: ENGINE_NOT_FOUND with every place that was tried, ENGINE_ELSEWHERE,
 * ENGINE_NO_ACCESS.
 */
export async function openEngine(
  environment: Environment = process.env,
  places: readonly Strategy[] = strategies,
): Promise<Engine> {
  const readConfig = () => readDockerConfig(environment);
  const failures: string[] = [];
  let noAccess: EngineError | undefined;
  for (const strategy of places) {
    const address = strategy(environment, readConfig);
    if (address === undefined) continue;
    try {
      return await connect(address, environment);
    } catch (error) {
      if (address.isChosen || !(error instanceof EngineError)) throw error;
      noAccess ??= error.code === "ENGINE_NO_ACCESS" ? error : undefined;
      failures.push(`${address.foundBy}: ${error.message}`);
    }
  }
  // One that is there and closed to us is what the user meant.
  if (noAccess !== undefined) throw noAccess;
  const tried =
    failures.length > 0
      ? failures.join("; ")
      : `nothing listens at any of ${describePlaces(environment).join(", ")}`;
  throw new EngineError(`no container engine on this host: ${tried}`, {
    code: "ENGINE_NOT_FOUND",
    hint: hintNotFound,
  });
}

async function connect(address: EngineAddress, environment: Environment): Promise<Engine> {
  const readConfig = () => readDockerConfig(environment);
  const unversioned = new EngineConnection(address.socketPath);
  const what = `cannot connect to the container engine at unix://${address.socketPath}`;
  const [version, info] = await unversioned
    .call(what, (docker) => Promise.all([docker.version(), docker.info() as Promise<InfoAnswer>]))
    .catch((error: unknown) => {
      if (!(error instanceof EngineError) || error.code !== "ENGINE_GONE") throw error;
      throw new EngineError(`${what}. Is it running?`, {
        code: error.code,
        hint: hintNotFound,
        cause: error,
      });
    });
  requireThisHost(address, info);
  const oldest = (version as { MinAPIVersion?: string }).MinAPIVersion ?? "1.12";
  const apiVersion = isOlder(writtenForApi, oldest) ? oldest : writtenForApi;
  const connection = new EngineConnection(address.socketPath, apiVersion);
  return new DockerEngine(connection, engineInfoOf(address, version, info), { readConfig, environment });
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
 * A socket may be forwarded from another machine or belong to one in a virtual machine. There the kernel is another
 * one, or the engine's folder is not on our disk.
 */
function requireThisHost(address: EngineAddress, info: InfoAnswer): void {
  const refuse = (reason: string): never => {
    throw new EngineError(`the engine at ${address.socketPath} does not run on this host: ${reason}`, {
      code: "ENGINE_ELSEWHERE",
      hint: "nmzc enters the namespaces and mounts of its containers: run it on the engine's own host",
    });
  };
  if (info.KernelVersion !== undefined && info.KernelVersion !== "" && info.KernelVersion !== release()) {
    refuse(`its kernel is ${info.KernelVersion}, ours ${release()}`);
  }
  // Without root a folder that we may not look into seems to be missing too.
  if (process.getuid?.() === 0 && info.DockerRootDir !== undefined && !existsSync(info.DockerRootDir)) {
    refuse(`there is no ${info.DockerRootDir} here`);
  }
}

interface VersionAnswer {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly Components?: readonly { readonly Name: string; readonly Version: string }[];
}

function engineInfoOf(address: EngineAddress, version: VersionAnswer, info: InfoAnswer): EngineInfo {
  const isPodman = version.Components?.some((component) => component.Name.startsWith("Podman")) ?? false;
  const driver = info.CgroupDriver;
  return {
    name: `${isPodman ? "Podman" : "Docker Engine"} ${version.Version}`,
    apiVersion: version.ApiVersion,
    foundBy: address.foundBy,
    cgroupVersion: info.CgroupVersion === "2" ? 2 : 1,
    cgroupDriver: driver === "systemd" || driver === "cgroupfs" ? driver : "none",
    rootDir: info.DockerRootDir ?? "",
    isRootless: info.SecurityOptions?.some((option) => option.includes("rootless")) ?? false,
    labels: info.Labels ?? [],
  };
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}
