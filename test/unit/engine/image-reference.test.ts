import { describe, expect, it } from "vitest";
import { credentialsKeyOf, parseImageReference } from "../../../runtime/engine/image-reference.js";

const digest = `sha256:${"a".repeat(64)}`;

describe("parseImageReference", () => {
  it.each([
    ["ubuntu", "docker.io", "library/ubuntu", "latest", undefined, "ubuntu:latest"],
    ["ubuntu:24.04", "docker.io", "library/ubuntu", "24.04", undefined, "ubuntu:24.04"],
    ["docker.io/ubuntu", "docker.io", "library/ubuntu", "latest", undefined, "ubuntu:latest"],
    ["index.docker.io/library/ubuntu", "docker.io", "library/ubuntu", "latest", undefined, "ubuntu:latest"],
    ["osrg/namazu:v0.2", "docker.io", "osrg/namazu", "v0.2", undefined, "osrg/namazu:v0.2"],
    ["localhost/app", "localhost", "app", "latest", undefined, "localhost/app:latest"],
    ["localhost:5000/a/b:1", "localhost:5000", "a/b", "1", undefined, "localhost:5000/a/b:1"],
    ["localhost:5000/app", "localhost:5000", "app", "latest", undefined, "localhost:5000/app:latest"],
    ["ghcr.io/a/b_c/d-e:x", "ghcr.io", "a/b_c/d-e", "x", undefined, "ghcr.io/a/b_c/d-e:x"],
    [`ubuntu@${digest}`, "docker.io", "library/ubuntu", undefined, digest, `ubuntu@${digest}`],
    [`r.io:1/u:t@${digest}`, "r.io:1", "u", "t", digest, `r.io:1/u:t@${digest}`],
    ["[::1]:5000/app", "[::1]:5000", "app", "latest", undefined, "[::1]:5000/app:latest"],
    ["MyHost/app", "MyHost", "app", "latest", undefined, "MyHost/app:latest"],
  ])("takes %s apart as docker does", (text, registry, repository, tag, itsDigest, familiar) => {
    expect(parseImageReference(text)).toEqual({ registry, repository, tag, digest: itsDigest, familiar });
  });

  it.each([
    "",
    "Ubuntu",
    "ubuntu:",
    "ubuntu::x",
    "ubuntu:-x",
    "a//b",
    "/a",
    "a/",
    "../etc",
    "a/../b",
    "ubuntu@sha256:12",
    "ubuntu@",
    "a b",
    "-a",
    "host.io/",
  ])("refuses %j in docker's words", (text) => {
    expect(() => parseImageReference(text)).toThrow(
      expect.objectContaining({ code: "INVALID_REFERENCE", message: `invalid reference format: "${text}"` }),
    );
  });

  it("stays the same when its own familiar form is parsed again", () => {
    for (const text of ["ubuntu", "localhost:5000/a/b:1", `r.io:1/u:t@${digest}`, "library/x"]) {
      const once = parseImageReference(text);
      expect(parseImageReference(once.familiar)).toEqual(once);
    }
  });
});

describe("credentialsKeyOf", () => {
  it("is the oldest name of Docker Hub for its images, else the registry", () => {
    expect(credentialsKeyOf(parseImageReference("ubuntu"))).toBe("https://index.docker.io/v1/");
    expect(credentialsKeyOf(parseImageReference("localhost:5000/a"))).toBe("localhost:5000");
  });
});
