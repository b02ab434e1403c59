import { EngineError } from "./engine-error.js";

/** A reference to an image, taken apart and completed as docker does (distribution/reference). */
export interface ImageReference {
  /** "docker.io", "localhost:5000", "ghcr.io" */
  readonly registry: string;
  /** Path in the registry: "library/ubuntu". */
  readonly repository: string;
  readonly tag: string | undefined;
  /** "sha256:…" */
  readonly digest: string | undefined;
  /** As people write it: "ubuntu:latest", "localhost:5000/a/b:1", "ubuntu@sha256:…". */
  readonly familiar: string;
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagForm = /^[\w][\w.-]{0,127}$/;
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const registryForm =
  /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]+)?$/;

/** Docker Hub has names of its own, and credentials of it are kept under the oldest of them. */
const dockerHub = "docker.io";
const dockerHubCredentialsKey = "https://index.docker.io/v1/";

/**
 * "ubuntu" → docker.io, library/ubuntu, latest. The part before the first slash is a registry when it holds a dot or a
 * colon, is "localhost", or has capitals (a repository cannot). Throws EngineError INVALID_REFERENCE in docker's words.
 */
export function parseImageReference(text: string): ImageReference {
  const invalid = (): EngineError =>
    new EngineError(`invalid reference format: "${text}"`, {
      code: "INVALID_REFERENCE",
      hint: "write [REGISTRY[:PORT]/]NAME[:TAG][@DIGEST], the name in lower case",
    });
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  let name = at < 0 ? text : text.slice(0, at);
  const colon = name.lastIndexOf(":");
  let tag: string | undefined;
  if (colon > name.lastIndexOf("/")) {
    tag = name.slice(colon + 1);
    name = name.slice(0, colon);
  }
  if (tag !== undefined && !tagForm.test(tag)) throw invalid();
  if (digest !== undefined && !digestForm.test(digest)) throw invalid();
  const { registry, repository } = splitName(name);
  if (!registryForm.test(registry)) throw invalid();
  if (!repository.split("/").every((part) => component.test(part))) throw invalid();
  const completedTag = tag ?? (digest === undefined ? "latest" : undefined);
  const familiarName = familiarNameOf(registry, repository);
  return {
    registry,
    repository,
    tag: completedTag,
    digest,
    familiar: `${familiarName}${completedTag === undefined ? "" : `:${completedTag}`}${digest === undefined ? "" : `@${digest}`}`,
  };
}

function splitName(name: string): { registry: string; repository: string } {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isRegistry = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const registry = isRegistry ? (first === "index.docker.io" ? dockerHub : first) : dockerHub;
  const repository = isRegistry ? name.slice(slash + 1) : name;
  const isOfficial = registry === dockerHub && !repository.includes("/");
  return { registry, repository: isOfficial ? `library/${repository}` : repository };
}

function familiarNameOf(registry: string, repository: string): string {
  if (registry !== dockerHub) return `${registry}/${repository}`;
  return repository.startsWith("library/") && repository.split("/").length === 2
    ? repository.slice("library/".length)
    : repository;
}

/** The name under which the docker config keeps a registry's credentials. */
export function credentialsKeyOf(reference: ImageReference): string {
  return reference.registry === dockerHub ? dockerHubCredentialsKey : reference.registry;
}
