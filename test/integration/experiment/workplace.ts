import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, runNmzc, type StartedNmzc, startNmzc } from "../../helpers/run-nmzc.js";

/** A config, materials and a place for storages, gone at the end. */
export class Workplace {
  readonly path = mkdtempSync(join(tmpdir(), "nmzt-experiment-"));
  readonly materials = join(this.path, "materials");
  readonly storage = join(this.path, "storage");

  constructor() {
    mkdirSync(this.materials);
  }

  config(lines: readonly string[]): string {
    const file = join(this.path, "config.toml");
    writeFileSync(file, `${lines.join("\n")}\n`);
    return file;
  }

  script(name: string, ...lines: readonly string[]): void {
    const file = join(this.materials, name);
    writeFileSync(file, `#!/bin/sh\n${lines.join("\n")}\n`);
    chmodSync(file, 0o755);
  }

  /** A storage whose scripts are these, each a line; throws when init fails. */
  async init(scripts: Readonly<Record<string, string>>, more: readonly string[] = []): Promise<void> {
    for (const [name, line] of Object.entries(scripts)) this.script(`${name}.sh`, line);
    const keys = Object.keys(scripts).map((name) => `${name} = "${name}.sh"`);
    const made = await this.nmz(
      "init",
      "--force",
      this.config([...keys, ...more]),
      this.materials,
      this.storage,
    );
    if (made.exitCode !== 0) throw new Error(made.stderr);
  }

  nmz(...words: readonly string[]): Promise<Finished> {
    return runNmzc(words, { command: "nmz", cwd: this.path });
  }

  start(...words: readonly string[]): StartedNmzc {
    return startNmzc(words, { command: "nmz", cwd: this.path });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
