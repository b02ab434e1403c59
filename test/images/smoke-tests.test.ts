import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { requires } from "../helpers/requires.js";

requires("root", "docker", "built", "base-image");

const names = readdirSync("images", { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe("images", () => {
  it.each(names)("%s is built, and does what its README says", (name) => {
    for (const file of ["Dockerfile", "README.md", "smoke-test"]) {
      expect(existsSync(`images/${name}/${file}`), `images/${name}/${file}`).toBe(true);
    }
    run(`scripts/${name}-image`);
    run(`images/${name}/smoke-test`);
  });
});

/**
 * Its output is shown when it fails only: the validators' own tests say FAILED on purpose, which whoever looks for the
 * reason of a red CI finds first.
 */
function run(script: string): void {
  const { status, signal, error, stdout } = spawnSync("sh", ["-c", 'exec "$0" 2>&1', script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 500_000,
    maxBuffer: 64 << 20,
  });
  if (status !== 0) {
    throw new Error(`${script}: ${error?.message ?? signal ?? `exit ${status}`}; it printed:\n${stdout}`);
  }
}
