import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";

const scripts = readdirSync("scripts").filter((name) => {
  const status = statSync(`scripts/${name}`);
  return status.isFile() && (status.mode & 0o111) !== 0;
});

describe("scripts", () => {
  it("are those that the documents name", () => {
    expect(scripts.sort()).toEqual([
      "base-image",
      "bench",
      "build",
      "build-agent",
      "etcd-image",
      "flaky-image",
      "image",
      "licences",
      "maven-image",
      "quickstart",
      "release",
      "test",
      "which-finds-what",
      "zookeeper-image",
    ]);
  });

  it.each(scripts)("%s says how it is used", (name) => {
    const help = execFileSync(`scripts/${name}`, ["--help"], { encoding: "utf8" });
    expect(help).toMatch(new RegExp(`^Usage: (sudo )?scripts/${name}`));
    expect(Math.max(...help.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it("refuse a word that they do not know", () => {
    const { status, stderr } = spawnSync("scripts/test", ["unti"], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain("unti");
  });
});
