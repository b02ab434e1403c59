import { spawn } from "node:child_process";
import { join } from "node:path";
import { type DockerAuth, type DockerConfig, dockerConfigFolder, type Environment } from "./docker-config.js";
import { EngineError } from "./engine-error.js";

/** The JSON of the X-Registry-Auth header (Docker Engine API, "Authentication"). Empty means anonymous. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
  readonly serveraddress?: string;
}

/** A login, and where it was found, for people: "docker-credential-pass", "/root/.docker/config.json". */
export interface RegistryLogin {
  readonly auth: RegistryAuth;
  readonly from: string;
}

/** A helper that answers this instead of credentials has none, which is no failure. */
const noCredentials = "credentials not found in native keychain";

/**
 * The user's credentials for a registry, looked up as docker does: the registry's own helper, else the default
 * store, else the file itself. Undefined when there are none. Throws EngineError CREDENTIALS when a helper fails.
 */
export async function findCredentials(
  key: string,
  config: DockerConfig,
  environment: Environment,
): Promise<RegistryLogin | undefined> {
  const helper = config.credHelpers?.[key] ?? config.credsStore;
  if (helper !== undefined && helper !== "") {
    const auth = await askHelper(helper, key, environment);
    return auth === undefined ? undefined : { auth, from: `docker-credential-${helper}` };
  }
  const kept = config.auths?.[key] ?? findByHost(config.auths ?? {}, key);
  const auth = kept === undefined ? undefined : fromFile(kept, key);
  return auth === undefined
    ? undefined
    : { auth, from: join(dockerConfigFolder(environment), "config.json") };
}

/** Old files have URLs as keys: "https://localhost:5000/v1/" is the same registry as "localhost:5000". */
function findByHost(auths: Readonly<Record<string, DockerAuth>>, key: string): DockerAuth | undefined {
  const wanted = hostOf(key);
  return Object.entries(auths).find(([name]) => hostOf(name) === wanted)?.[1];
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").split("/")[0]!;
}

/** Undefined for an entry without a login: where a store keeps the login, docker leaves `"registry": {}` in the file. */
function fromFile(auth: DockerAuth, key: string): RegistryAuth | undefined {
  const decoded = Buffer.from(auth.auth ?? "", "base64")
    .toString("utf8")
    .replace(/\0+$/, "");
  const colon = decoded.indexOf(":");
  if (auth.auth !== undefined && auth.auth !== "" && colon < 0) {
    throw new EngineError(`the login for ${key} in the docker config is not base64 of user:password`, {
      code: "CREDENTIALS",
      hint: `log in again: docker login ${key}`,
    });
  }
  const username = colon < 0 ? auth.username : decoded.slice(0, colon);
  const password = colon < 0 ? auth.password : decoded.slice(colon + 1);
  const found = Object.entries({
    ...{ username, password },
    ...{ identitytoken: auth.identitytoken, registrytoken: auth.registrytoken },
  }).filter(([, value]) => value !== undefined && value !== "");
  return found.length === 0 ? undefined : { serveraddress: key, ...Object.fromEntries(found) };
}

/**
 * `docker-credential-<helper> get`: the registry on stdin, JSON on stdout (docker/docker-credential-helpers). The user
 * name "<token>" marks an identity token.
 */
async function askHelper(
  helper: string,
  key: string,
  environment: Environment,
): Promise<RegistryAuth | undefined> {
  const program = `docker-credential-${helper}`;
  const { exitCode, stdout, stderr } = await runHelper(program, key, environment);
  if (exitCode !== 0) {
    if (stdout.trim() === noCredentials) return undefined;
    throw new EngineError(
      `${program} found no credentials for ${key}: ${stdout.trim() || stderr.trim() || `exit code ${exitCode}`}`,
      { code: "CREDENTIALS", hint: `log in again: docker login ${key}` },
    );
  }
  let answer: { Username?: unknown; Secret?: unknown };
  try {
    answer = JSON.parse(stdout) as typeof answer;
  } catch (error) {
    throw new EngineError(`${program} answered something that is not JSON`, {
      code: "CREDENTIALS",
      cause: error,
    });
  }
  const username = String(answer.Username ?? "");
  const secret = String(answer.Secret ?? "");
  if (username === "<token>") return { identitytoken: secret, serveraddress: key };
  return { username, password: secret, serveraddress: key };
}

function runHelper(
  program: string,
  input: string,
  environment: Environment,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], { stdio: ["pipe", "pipe", "pipe"], env: { ...environment } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new EngineError(`cannot run the credential helper ${program}: ${error.message}`, {
          code: "CREDENTIALS",
          hint:
            error.code === "ENOENT"
              ? `install ${program}, or take it out of the docker config`
              : "see whether the program can be run by hand",
          cause: error,
        }),
      ),
    );
    child.once("close", (exitCode) => resolve({ exitCode: exitCode ?? 1, stdout, stderr }));
    child.stdin.on("error", () => {}); // a helper need not read its input; its exit code tells
    child.stdin.end(input);
  });
}
