import { describe, expect, it } from "vitest";
import { EngineError } from "../../../runtime/engine/engine-error.js";
import { parseImageReference } from "../../../runtime/engine/image-reference.js";
import { type PullAttempt, pullRefusal } from "../../../runtime/engine/pull-refusal.js";

function refused(words: string, attempt: Partial<PullAttempt> = {}, status = 500): EngineError {
  const reference = parseImageReference("r.io:5000/a/b:1");
  const whole = { reference, platform: undefined, loginFrom: undefined, ...attempt };
  return pullRefusal(new EngineError(words, { status }), whole);
}

describe("pullRefusal", () => {
  // The words of Docker's engine (20.10, 28) and of Podman's (4.3, 5) as they came from a real registry.
  it.each([
    [
      'Head "https://r.io:5000/v2/a/b/manifests/1": no basic auth credentials',
      /^log in \(docker login r\.io:5000\)/,
    ],
    [
      "initializing source docker://r.io:5000/a/b:1: reading manifest 1 in r.io:5000/a/b: unauthorized: authentication required",
      /^log in \(docker login r\.io:5000\).*name is right/,
    ],
    [
      "manifest for r.io:5000/a/b:1 not found: manifest unknown: manifest unknown",
      /r\.io:5000 has no repository a\/b, or not the tag 1/,
    ],
    [
      "initializing source docker://r.io:5000/a/b:1: reading manifest 1 in r.io:5000/a/b: name unknown: repository name not known to registry",
      /no repository a\/b/,
    ],
    [
      'Get "https://r.io:5000/v2/": x509: certificate signed by unknown authority',
      /\/etc\/docker\/certs\.d\/r\.io:5000\/ca\.crt/,
    ],
    [
      "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026",
      /certificate of r\.io:5000.*clock/,
    ],
    ['Get "https://r.io:5000/v2/": http: server gave HTTP response to HTTPS client', /speaks plain HTTP/],
    [
      "no matching manifest for linux/s390x in the manifest list entries",
      /not there for this machine's platform/,
    ],
    ["toomanyrequests: You have reached your pull rate limit.", /limits pulls: log in/],
    ["dial tcp: lookup r.io on 10.0.0.1:53: no such host", /spelling of r\.io:5000/],
    [
      'Get "https://r.io:5000/v2/": dial tcp 10.0.0.1:5000: connect: connection refused',
      /nobody listens at r\.io:5000/,
    ],
    ['Get "https://r.io:5000/v2/": net/http: TLS handshake timeout', /r\.io:5000 can be reached/],
    [
      "copying system image from manifest list: reading blob sha256:1: unexpected EOF",
      /connection to r\.io:5000 was lost/,
    ],
    ["failed to register layer: write /a: no space left on device", /make room/],
    ["failed to register layer: open /var/lib/docker/x: permission denied", /can be reached/],
  ])("knows what to do about %s", (words, hint) => {
    const error = refused(words);
    expect(error.message).toBe(words);
    expect(error.hint).toMatch(hint);
  });

  it("tells a login that was refused from one that was missing", () => {
    const error = refused("unauthorized: authentication required", {
      loginFrom: "/root/.docker/config.json",
    });
    expect(error.code).toBe("UNAUTHORIZED");
    expect(error.hint).toMatch(
      /^r\.io:5000 refused the login of \/root\/\.docker\/config\.json: log in again/,
    );
  });

  it("names the platform and the digest that were asked for", () => {
    const platform = refused("no image found in manifest list for architecture arm64", {
      platform: "linux/arm64",
    });
    expect(platform.hint).toMatch(/r\.io:5000\/a\/b:1 is not there for linux\/arm64/);
    const digest = `sha256:${"a".repeat(64)}`;
    const reference = parseImageReference(`r.io/a@${digest}`);
    expect(refused("manifest unknown", { reference }).hint).toContain(`the digest ${digest}`);
  });

  it("logs in to Docker's own registry without a name", () => {
    const reference = parseImageReference("someone/private");
    const error = refused("pull access denied for someone/private, repository does not exist", { reference });
    expect(error.hint).toMatch(/^log in \(docker login\),/);
  });

  it("leaves alone what no registry said", () => {
    const error = new EngineError("pull x: the container engine is gone (ECONNRESET)", {
      code: "ENGINE_GONE",
    });
    const reference = parseImageReference("x");
    expect(pullRefusal(error, { reference, platform: undefined, loginFrom: undefined })).toBe(error);
  });
});
