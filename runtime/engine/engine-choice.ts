import { EngineError } from "./engine-error.js";

/** Where the choice is handed on to processes that are started from here: `--engine` sets it. */
export const engineVariable = "NMZC_ENGINE";

/** Which engine the user asked for. "found": none in particular, the first that answers. */
export type EngineChoice =
  | { readonly kind: "found" | "docker" | "podman" | "embedded" }
  | { readonly kind: "socket"; readonly socketPath: string };

/**
 * `docker`, `podman`, `embedded` or `unix:///PATH`; nothing, or "", is no choice. `saidBy` names who wrote it, for the
 * error. Throws EngineError ENGINE_ELSEWHERE for an engine of another host, ENGINE_CHOICE for a word that names none.
 */
export function parseEngineChoice(text: string | undefined, saidBy: string): EngineChoice {
  if (text === undefined || text === "") return { kind: "found" };
  if (text === "docker" || text === "podman" || text === "embedded") return { kind: text };
  if (/^unix:\/\/\/./.test(text)) return { kind: "socket", socketPath: text.slice("unix://".length) };
  if (/^(tcp|ssh|https?|npipe|fd):\/\//.test(text)) throw notOfThisHost(text, saidBy);
  throw new EngineError(`${saidBy} names no engine: "${text}"`, {
    code: "ENGINE_CHOICE",
    hint: "write docker, podman, embedded, or unix:// and the path of a socket: unix:///var/run/docker.sock",
  });
}

/** The reason stands in docs/engines.md, too. */
export function notOfThisHost(address: string, saidBy: string): EngineError {
  return new EngineError(`${saidBy} names an engine at ${address}, which is not a socket of this host`, {
    code: "ENGINE_ELSEWHERE",
    hint: "nmzc enters the namespaces and mounts of its containers and can do that on this host only: run nmzc there, or unset it",
  });
}
