import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Remembers what an image was built of, and has a base; it says "building" by a file that the test takes away. */
const docker = `#!/bin/sh
here=$(dirname "$0")
case "$*" in
  version*) echo 20.10 ;;
  *nmzc.inputs*) cat "$here/inputs" 2>/dev/null || exit 1 ;;
  'image inspect'*) echo sha256:1234 ;;
  build*) printf '%s\\n' "$@" | sed -n 's/^INPUTS=//p' >"$here/inputs"; : >"$here/built" ;;
esac
`;

describe("scripts/image", () => {
  let folder: string;
  let checkout: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "nmzc-scripts-image-"));
    checkout = join(folder, "checkout");
    const copied = [
      "scripts",
      "ci",
      "package.json",
      "package-lock.json",
      "Dockerfile",
      ".dockerignore",
      ".npmrc",
    ];
    for (const name of [...copied, "CHANGELOG.md"]) cpSync(name, join(checkout, name), { recursive: true });
    mkdirSync(join(checkout, "dist/agents/java"), { recursive: true });
    writeFileSync(join(checkout, "dist/agents/java/nmz-java.jar"), "is built");
    writeFileSync(join(folder, "docker"), docker, { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Whether the engine was asked to build it. */
  function isBuilt(env: Readonly<Record<string, string>> = {}): boolean {
    rmSync(join(folder, "built"), { force: true });
    const path = `${folder}:${process.env["PATH"]}`;
    const { status, stderr } = spawnSync("scripts/image", ["--base", "base@sha256:1234"], {
      cwd: checkout,
      encoding: "utf8",
      env: { ...process.env, PATH: path, NMZC_IMAGE_BUILT: "yes", SOURCE_DATE_EPOCH: "1", ...env },
    });
    expect(status, stderr).toBe(0);
    return existsSync(join(folder, "built"));
  }

  it("builds the image anew when a file in it or the time of the commit is another, and only then", () => {
    expect(isBuilt()).toBe(true);
    expect(isBuilt()).toBe(false);
    for (const file of ["ci/nmzc-ci", "CHANGELOG.md"]) {
      appendFileSync(join(checkout, file), "\n");
      expect(isBuilt(), file).toBe(true);
    }
    appendFileSync(join(checkout, "scripts/test"), "\n");
    expect(isBuilt()).toBe(false);
    expect(isBuilt({ SOURCE_DATE_EPOCH: "2" })).toBe(true);
  }, 120_000);
});
