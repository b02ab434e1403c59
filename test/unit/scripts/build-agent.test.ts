import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Everything that the script calls before it looks for a JDK.
const tools = ["sh", "dirname", "cat", "find", "sort", "sha256sum", "cut", "rm"];

describe("scripts/build-agent on a machine without a JDK", () => {
  let path: string;
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), "nmzc-path-"));
    for (const tool of tools) {
      const real = execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
      symlinkSync(real, join(path, tool));
    }
  });
  afterAll(() => rmSync(path, { recursive: true }));

  const build = (...options: string[]) =>
    spawnSync("scripts/build-agent", ["--force", ...options], { env: { PATH: path }, encoding: "utf8" });

  it("says what is missing, and fails", () => {
    const { status, stderr } = build();
    expect(stderr).toContain("no javac (apt-get install default-jdk-headless)");
    expect(status).toBe(1);
  });

  it("lets the rest of the build go on where it is only to be tried", () => {
    const { status, stderr } = build("--if-possible");
    expect(stderr).toContain("the Java agent is not built: no javac");
    expect(status).toBe(0);
  });
});
