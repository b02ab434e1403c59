import { EngineError, type EngineErrorCode } from "./engine-error.js";
import type { ImageReference } from "./image-reference.js";

/** What was asked for, as far as a remedy depends on it. */
export interface PullAttempt {
  readonly reference: ImageReference;
  readonly platform: string | undefined;
  /** Where the login that was sent came from; undefined when none was. */
  readonly loginFrom: string | undefined;
}

interface Refusal {
  readonly words: RegExp;
  readonly code?: EngineErrorCode;
  readonly hint: (attempt: PullAttempt) => string;
}

/**
 * What engines say when a registry gave them nothing, and what to do about it. An engine answers 200 or 500 whatever the
 * registry's no was, so its kind is in the words alone: those of moby (distribution/errors.go), containers/image, Go's
 * net and crypto/x509, and the registries' own error codes (distribution-spec, "Error Codes"). The first that fits counts.
 */
const refusals: readonly Refusal[] = [
  {
    words: /no space left on device/i,
    hint: () => "make room where the engine keeps its images",
  },
  {
    words: /certificate signed by unknown authority/i,
    hint: ({ reference: { registry } }) =>
      `put the CA that signed the certificate of ${registry} into /etc/docker/certs.d/${registry}/ca.crt (no restart is needed)`,
  },
  {
    words: /x509:|failed to verify certificate/i,
    hint: ({ reference: { registry } }) =>
      `see the certificate of ${registry}, the names and the time that it is valid for, and this machine's clock`,
  },
  {
    words: /server gave HTTP response to HTTPS client/i,
    hint: ({ reference: { registry } }) =>
      `${registry} speaks plain HTTP: give it a certificate, or name it as an insecure registry in the engine's configuration`,
  },
  {
    words: /toomanyrequests|too many requests|rate limit/i,
    hint: ({ reference }) =>
      `${reference.registry} limits pulls: log in (${loginCommand(reference)}), or wait`,
  },
  {
    words: /no matching manifest|no image found in (?:manifest list|image index)/i,
    code: "NO_SUCH_IMAGE",
    hint: ({ reference: { familiar }, platform }) =>
      `${familiar} is not there for ${platform ?? "this machine's platform"}: \`skopeo inspect --raw docker://${familiar}\` lists what it is made for`,
  },
  {
    words: /unauthorized|no basic auth|authentication required|(?<!permission )\bdenied\b|forbidden/i,
    code: "UNAUTHORIZED",
    hint: (attempt) =>
      attempt.loginFrom === undefined
        ? `log in (${loginCommand(attempt.reference)}), and see whether the name is right: a registry may deny what it does not have`
        : `${attempt.reference.registry} refused the login of ${attempt.loginFrom}: log in again (${loginCommand(attempt.reference)}), or ask for the right to read ${attempt.reference.repository}`,
  },
  {
    words: /manifest unknown|name unknown|not known to registry|not found/i,
    code: "NO_SUCH_IMAGE",
    hint: ({ reference: { registry, repository, tag, digest } }) =>
      `see the spelling: ${registry} has no repository ${repository}, or not ${digest === undefined ? `the tag ${tag}` : `the digest ${digest}`} in it`,
  },
  {
    words: /no such host|server misbehaving|name resolution/i,
    hint: ({ reference: { registry } }) =>
      `see the spelling of ${registry}, and whether this machine's name server answers`,
  },
  {
    words: /connection refused/i,
    hint: ({ reference: { registry } }) =>
      `nobody listens at ${registry}: see whether the registry runs, and its port`,
  },
  {
    words: /\bEOF\b|connection reset|broken pipe|stream error/i,
    hint: ({ reference: { registry } }) =>
      `the connection to ${registry} was lost: try again, what came whole is kept`,
  },
];

/** A failed pull with its kind and its remedy; what the engine itself was not there for is left as it is. */
export function pullRefusal(error: EngineError, attempt: PullAttempt): EngineError {
  if (error.status === 0) return error;
  const refusal = refusals.find(({ words }) => words.test(error.message));
  return new EngineError(error.message, {
    status: error.status,
    code: refusal?.code ?? error.code,
    hint: refusal?.hint(attempt) ?? unreachable(attempt),
    cause: error,
  });
}

function unreachable({ reference: { registry } }: PullAttempt): string {
  return `see whether ${registry} can be reached from this machine: network, firewall, and the proxy that the engine is given`;
}

function loginCommand({ registry }: ImageReference): string {
  return registry === "docker.io" ? "docker login" : `docker login ${registry}`;
}
