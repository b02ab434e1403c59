import { existsSync } from "node:fs";
import { release } from "node:os";
import { EngineConnection } from "./connection.js";
import { type Environment, readDockerConfig } from "./docker-config.js";
import { DockerEngine } from "./docker-engine.js";
import type { Engine } from "./engine.js";
import {
  describePlaces,
  type EngineAddress,
  runningStrategiesFor,
  type Strategy,
  strategiesFor,
  wantedKind,
} from "./engine-address.js";
import { type EngineChoice, engineVariable, parseEngineChoice } from "./engine-choice.js";
import { EngineError } from "./engine-error.js";
import { askIdentity, type EngineIdentity, engineInfoOf } from "./engine-identity.js";

/** The API this client was written against (Docker 20.10); an engine that no longer speaks it is met at its oldest. */
const writtenForApi = "1.41";

export interface OpenOptions {
  /** For who shows `info`: what only a slow question to the engine tells exactly, as its cgroup driver, is asked, too. */
  readonly asksEverything?: boolean;
}

const hintNotFound =
  "start the engine (systemctl start docker), or install one (apt install docker.io, apt install podman), or set DOCKER_HOST=unix://…";

/**
 * The container engine of this host: the one that NMZC_ENGINE (`--engine`) names, else the first that is found.
 * Strategies are tried in order; one that the user chose (DOCKER_HOST, a docker context) is final. Throws EngineError:
 * ENGINE_NOT_FOUND with every place that was tried, ENGINE_ELSEWHERE, ENGINE_NO_ACCESS, ENGINE_CHOICE.
 */
export async function openEngine(
  environment: Environment = process.env,
  places?: readonly Strategy[],
  options: OpenOptions = {},
): Promise<Engine> {
  const choice = parseEngineChoice(environment[engineVariable], engineVariable);
  const wanted = wantedKind(choice);
  const readConfig = () => readDockerConfig(environment);
  const failures: string[] = [];
  let noAccess: EngineError | undefined;
  for (const strategy of places ?? strategiesFor(choice)) {
    const address = await strategy(environment, readConfig);
    if (address === undefined) continue;
    if (address instanceof EngineError) {
      failures.push(address.message);
      continue;
    }
    try {
      const engine = await connect(address, environment, options);
      if (wanted === undefined || engine.info.kind === wanted) return engine;
      failures.push(`${address.foundBy}: ${engine.info.name}`);
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
      : `nothing listens at any of ${describePlaces(environment, choice).join(", ")}`;
  throw new EngineError(`no ${namesOf[choice.kind]} on this host: ${tried}`, {
    code: "ENGINE_NOT_FOUND",
    hint: hintNotFound,
  });
}

/** As `openEngine`, but none is started: a choice of "embedded" finds none. */
export function openRunningEngine(environment: Environment = process.env): Promise<Engine> {
  const choice = parseEngineChoice(environment[engineVariable], engineVariable);
  return openEngine(environment, runningStrategiesFor(choice));
}

const namesOf: Readonly<Record<EngineChoice["kind"], string>> = {
  found: "container engine",
  docker: "Docker Engine",
  podman: "Podman",
  embedded: "embedded engine",
  socket: "container engine",
};

async function connect(
  address: EngineAddress,
  environment: Environment,
  { asksEverything = false }: OpenOptions,
): Promise<Engine> {
  const readConfig = () => readDockerConfig(environment);
  const unversioned = new EngineConnection(address.socketPath);
  const what = `cannot connect to the container engine at unix://${address.socketPath}`;
  const identity = await askIdentity(unversioned, address, { what, asksEverything }).catch(
    (error: unknown) => {
      if (!(error instanceof EngineError) || error.code !== "ENGINE_GONE") throw error;
      throw new EngineError(`${what}. Is it running?`, {
        code: error.code,
        hint: hintNotFound,
        cause: error,
      });
    },
  );
  // In a container of ours its folders are not on our disk; whether it is our own engine is asked in another way.
  if (environment["NMZC_IN_IMAGE"] !== "1") requireThisHost(address, identity);
  const oldest = identity.version.MinAPIVersion ?? "1.12";
  const apiVersion = isOlder(writtenForApi, oldest) ? oldest : writtenForApi;
  const connection = new EngineConnection(address.socketPath, apiVersion);
  return new DockerEngine(connection, engineInfoOf(address, identity), { readConfig, environment });
}

/**
 * A socket may be forwarded from another machine or belong to one in a virtual machine. There the kernel is another
 * one, or the engine's folder is not on our disk.
 */
function requireThisHost(address: EngineAddress, { info }: EngineIdentity): void {
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

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split(".").map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}
