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
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as DockerConfig;
    throw new Error("it holds no object");
  } catch (error) {
    throw new EngineError(`${path} is not valid: ${(error as Error).message}`, {
      hint: "mend or remove the file",
      cause: error,
    });
  }
}
