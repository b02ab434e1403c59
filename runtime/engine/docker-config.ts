import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { EngineError } from "./engine-error.js";

/** What we read of ~/.docker/config.json. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, DockerAuth>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly currentContext?: string;
  readonly detachKeys?: string;
  /** By engine's address, or "default": what workloads reach the network through. */
  readonly proxies?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface DockerAuth {
  /** base64 of "user:password" */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function dockerConfigFolder(environment: Environment): string {
  return environment["DOCKER_CONFIG"] ?? join(environment["HOME"] ?? homedir(), ".docker");
}

/** The user's docker config; empty when there is none that this user may read. A broken one is an error: it may hold the login. */
export function readDockerConfig(environment: Environment): DockerConfig {
  const path = join(dockerConfigFolder(environment), "config.json");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // EACCES: another user's, as after su or setpriv without a HOME of its own. It is not meant for us.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return {};
    throw new EngineError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  return parseDockerConfig(text, path);
}

/** Throws EngineError that names `path`, and the key of what is of another type than docker writes. */
export function parseDockerConfig(text: string, path: string): DockerConfig {
  try {
    const config = tableOf(JSON.parse(text), "the file");
    const helpers = tableOf(config["credHelpers"] ?? {}, "credHelpers");
    return {
      ...textsOf(config, ["credsStore", "currentContext", "detachKeys"], ""),
      auths: tableOfTexts(config, "auths", authKeys),
      credHelpers: textsOf(helpers, Object.keys(helpers), "credHelpers."),
      proxies: tableOfTexts(config, "proxies", proxyKeys),
    };
  } catch (error) {
    throw new EngineError(`${path} is not valid: ${(error as Error).message}`, {
      hint: "mend or remove the file",
      cause: error,
    });
  }
}

const authKeys = ["auth", "username", "password", "identitytoken", "registrytoken"];
const proxyKeys = ["httpProxy", "httpsProxy", "noProxy", "ftpProxy", "allProxy"];

/** A table of tables, of which these keys are wanted. */
function tableOfTexts(
  config: Readonly<Record<string, unknown>>,
  key: string,
  wanted: readonly string[],
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const entries = Object.entries(tableOf(config[key] ?? {}, key)).map(([name, value]) => {
    const title = `${key}["${name}"]`;
    return [name, textsOf(tableOf(value, title), wanted, `${title}.`)] as const;
  });
  return Object.fromEntries(entries);
}

function tableOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new Error(`${name} is no object`);
}

/** The strings under these keys; other programs write null for what is not there. */
function textsOf(
  table: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  prefix: string,
): Readonly<Record<string, string>> {
  const texts = keys.flatMap((key): [string, string][] => {
    const value = Object.hasOwn(table, key) ? table[key] : undefined;
    if (value === undefined || value === null) return [];
    if (typeof value !== "string") throw new Error(`${prefix}${key} is no string`);
    return [[key, value]];
  });
  return Object.fromEntries(texts);
}
