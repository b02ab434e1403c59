import { readDockerConfig } from "../../../runtime/engine/docker-config.js";
import type { RunRequest } from "../../container/run-request.js";
import { parseDetachKeys } from "../../container/terminal/index.js";
import type { RunDraft } from "./run-draft.js";

/** What docker's command line takes of its config for a run, besides logins. */
interface RunConfig {
  readonly detachKeys?: string;
  /** By engine's address, or "default". */
  readonly proxies?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Keys of the config, and the variables that docker makes of them, in capitals and in small letters. */
const proxyVariables: Readonly<Record<string, string>> = {
  httpProxy: "HTTP_PROXY",
  httpsProxy: "HTTPS_PROXY",
  noProxy: "NO_PROXY",
  ftpProxy: "FTP_PROXY",
  allProxy: "ALL_PROXY",
};

/**
 * What the user's docker config says and the command line does not: detach keys, and the proxies of the workload.
 * Throws EngineError for a broken file.
 */
export function completeFromDockerConfig(request: RunRequest, draft: RunDraft): RunRequest {
  const { env } = draft.surroundings;
  const config = readDockerConfig(env) as RunConfig;
  const keys = draft.detachKeys === undefined ? config.detachKeys : undefined;
  const variables = proxiesOf(config, env["DOCKER_HOST"] || "unix:///var/run/docker.sock", draft.env);
  return {
    ...request,
    ...(keys === undefined ? {} : { detachKeys: parseDetachKeys(keys) }),
    ...(variables.length === 0
      ? {}
      : { body: { ...request.body, Env: [...(request.body.Env ?? []), ...variables] } }),
  };
}

/** Only `-e` holds against them, `--env-file` does not: docker/cli, cli/config/configfile/file.go, ParseProxyConfig. */
function proxiesOf(config: RunConfig, host: string, given: readonly string[]): readonly string[] {
  const proxies = config.proxies?.[host] ?? config.proxies?.["default"] ?? {};
  const known = new Set(given.map((each) => each.split("=", 1)[0]));
  return Object.entries(proxyVariables).flatMap(([key, name]) => {
    const value = proxies[key];
    if (value === undefined || value === "") return [];
    return [name, name.toLowerCase()].filter((each) => !known.has(each)).map((each) => `${each}=${value}`);
  });
}
