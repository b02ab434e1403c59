import { execFileSync } from "node:child_process";
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
    const run = (script: string): void => {
      execFileSync(script, [], { stdio: ["ignore", "inherit", "inherit"] });
    };
    run(`scripts/${name}-image`);
    run(`images/${name}/smoke-test`);
  });
});
