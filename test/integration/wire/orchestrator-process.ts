import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A config file, gone with `dispose`. */
export class ConfigFile {
  readonly path: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "nmz-wire-"));

  constructor(config: object) {
    this.path = join(this.#folder, "config.json");
    writeFileSync(this.path, JSON.stringify(config));
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The built `nmz orchestrator`, in a process of its own. */
export class OrchestratorProcess {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    this.#ended = new Promise((resolve) => child.once("exit", resolve));
  }

  /** Resolves when it listens. */
  static start(config: string, options: { port?: number; seed?: string; token?: string } = {}) {
    const { port = 0, seed = "wire", token } = options;
    const args = ["dist/bin/nmz.js", "orchestrator", "--rest-port", String(port), "--pb-port", "-1"];
    const env = { ...process.env, ...(token === undefined ? {} : { NMZ_TOKEN: token }) };
    const child = spawn(process.execPath, [...args, "--seed", seed, config], {
      stdio: ["ignore", "pipe", "inherit"],
      env,
    });
    return new Promise<OrchestratorProcess>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`nmz orchestrator ended with ${code}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        const listening = /^nmz: REST on http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
        if (listening !== undefined) resolve(new OrchestratorProcess(child, Number(listening)));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/api/v3`;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async end(name: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#child.kill(name);
    await this.#ended;
  }
}
